// SPDX-License-Identifier: Apache-2.0

/// A growing run of bytes with one owner: where a batch keeps its text, and where requests are written.
///
/// Offsets into an arena stay good when it grows; views and pointers do not. It keeps its storage when emptied, so a
/// recycled arena allocates nothing. There are always `slack` readable and writable bytes beyond `count`, so that
/// copies may go eight or sixteen bytes at a time past what they were asked for.
@safe
@usableFromInline
package final class ByteArena: @unchecked Sendable {
    // Whoever holds an arena has it alone, and no access is open while another begins. Checking that at run time took
    // half of the time of parsing.
    @exclusivity(unchecked) @usableFromInline var storage: UnsafeMutablePointer<UInt8>
    @safe @exclusivity(unchecked) @usableFromInline var used = 0
    @safe @exclusivity(unchecked) @usableFromInline var room: Int

    // In other modules these are plain loads only if the access itself is written here.
    @inlinable package var base: UnsafeMutablePointer<UInt8> { unsafe storage }
    @inlinable
    package var count: Int {
        @inline(__always) get { used }
        @inline(__always) set { used = newValue }
    }
    @inlinable package var capacity: Int { room }

    @inlinable package static var slack: Int { 32 }

    package init(capacity: Int = 4096) {
        room = max(capacity, 64)
        unsafe storage = .allocate(capacity: room + Self.slack)
    }

    deinit { unsafe storage.deallocate() }

    /// Everything written so far. Good until the next append.
    @inlinable package var view: ByteView { unsafe ByteView(base: storage, count: count) }

    /// The bytes in `range`. Good until the next append.
    @inlinable
    @inline(__always)
    package func view(_ range: Range<Int>) -> ByteView {
        assert(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe ByteView(base: storage + range.lowerBound, count: range.count)
    }

    @inlinable
    @inline(__always)
    package func view(_ start: UInt32, _ end: UInt32) -> ByteView { view(Int(start)..<Int(end)) }

    /// Where a view lies in this arena; nil if it is a view of something else.
    package func range(of view: ByteView) -> Range<Int>? {
        let start = unsafe UnsafeRawPointer(view.base) - UnsafeRawPointer(storage)
        guard start >= 0, start <= count, view.count <= count - start else { return nil }
        return start..<(start + view.count)
    }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// Forgets the content, keeps the storage.
    @inlinable package func removeAll() { used = 0 }

    /// Gives storage beyond `limit` bytes back, so that one giant line does not stay paid for. Forgets the content.
    package func shrink(to limit: Int) {
        used = 0
        guard capacity > limit else { return }
        unsafe storage.deallocate()
        room = limit
        unsafe storage = .allocate(capacity: limit + Self.slack)
    }

    /// Makes room for `extra` more bytes.
    @inlinable
    @inline(__always)
    package func reserve(_ extra: Int) {
        if count &+ extra > capacity { grow(by: extra) }
    }

    @usableFromInline
    func grow(by extra: Int) {
        let wanted = max(count + extra, capacity + capacity / 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Self.slack)
        unsafe larger.update(from: storage, count: count)
        unsafe storage.deallocate()
        unsafe storage = larger
        room = wanted
    }

    // MARK: Appending

    @inlinable
    @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage[count] = byte
        used &+= 1
    }

    @inlinable
    @inline(__always)
    package func append(_ bytes: ByteView) {
        reserve(bytes.count)
        unsafe (storage + count).update(from: bytes.base, count: bytes.count)
        used &+= bytes.count
    }

    @inlinable
    @inline(__always)
    package func append(_ literal: StaticString) { append(ByteView(literal)) }

    // Not for literals: those are copied from where they stand.
    @_disfavoredOverload
    package func append(_ string: String) {
        string.withByteView { append($0) }
    }

    package func append(_ bytes: [UInt8]) {
        bytes.withByteView { append($0) }
    }

    /// Copies a range of the arena itself to its end.
    @inlinable
    package func appendCopy(of range: Range<Int>) {
        reserve(range.count)
        unsafe (storage + count).update(from: storage + range.lowerBound, count: range.count)
        used &+= range.count
    }

    /// Lets `fill` write up to `room` bytes at the end; it returns how many it wrote.
    @inlinable
    package func append<Failure: Error>(
        room: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(room)
        let written = try unsafe fill(UnsafeMutableRawBufferPointer(start: storage + count, count: room))
        assert(written >= 0 && written <= room)
        used &+= max(0, min(written, room))
    }

    /// Stores a byte without looking whether there is room: the caller has reserved it.
    @inlinable
    @inline(__always)
    package func appendReserved(_ byte: UInt8) {
        assert(count < capacity + Self.slack)
        unsafe storage[count] = byte
        used &+= 1
    }

    /// Stores eight bytes, of which `used` count: the caller has reserved them.
    @inlinable
    @inline(__always)
    package func appendReserved(word: UInt64, used: Int) {
        assert(count + 8 <= capacity + Self.slack)
        unsafe UnsafeMutableRawPointer(storage + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        self.used &+= used
    }

    /// Overwrites the byte at `index`.
    @inlinable
    package func replace(at index: Int, with byte: UInt8) {
        guard index >= 0, index < count else { return }
        unsafe storage[index] = byte
    }

    /// Takes back everything after `length`.
    @inlinable
    package func truncate(to length: Int) { if length < count { used = max(0, length) } }

    package var string: String { view.string }
}
