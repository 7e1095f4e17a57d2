// SPDX-License-Identifier: Apache-2.0

/// A growing run of bytes with one owner: where a batch keeps its text, and where requests are written.
///
/// Offsets into an arena stay good when it grows; views and pointers do not. It keeps its storage when emptied, so a
/// recycled arena allocates nothing. There are always `slack` readable and writable bytes beyond `count`, so that
/// copies may go eight or sixteen bytes at a time past what they were asked for.
@safe
@usableFromInline
package final class ByteArena: @unchecked Sendable {
    /// What changes, outside the object: fields of a class are checked for overlapping accesses each time they are
    /// touched, which cost more than everything else that is done to a byte.
    @safe
    @usableFromInline
    struct Storage {
        @usableFromInline var base: UnsafeMutablePointer<UInt8>
        @usableFromInline var count: Int
        @usableFromInline var capacity: Int

        @inlinable
        init(base: UnsafeMutablePointer<UInt8>, count: Int, capacity: Int) {
            unsafe self.base = base
            self.count = count
            self.capacity = capacity
        }
    }

    @usableFromInline let storage: UnsafeMutablePointer<Storage>

    @inlinable package var base: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { unsafe storage.pointee.base }
    }

    @inlinable package var count: Int {
        @inline(__always) get { unsafe storage.pointee.count }
        @inline(__always) set { unsafe storage.pointee.count = newValue }
    }

    @inlinable package var capacity: Int {
        @inline(__always) get { unsafe storage.pointee.capacity }
    }

    @inlinable package static var slack: Int { 32 }

    package init(capacity: Int = 4096) {
        let capacity = max(capacity, 64)
        let base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
        unsafe base.initialize(repeating: 0, count: capacity + Self.slack)
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Storage(base: base, count: 0, capacity: capacity))
    }

    deinit {
        unsafe base.deallocate()
        unsafe storage.deallocate()
    }

    /// Everything written so far. Good until the next append.
    @inlinable package var view: ByteView { unsafe ByteView(base: base, count: count) }

    /// The bytes in `range`. Good until the next append.
    @inlinable
    @inline(__always)
    package func view(_ range: Range<Int>) -> ByteView {
        assert(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe ByteView(base: base + range.lowerBound, count: range.count)
    }

    @inlinable
    @inline(__always)
    package func view(_ start: UInt32, _ end: UInt32) -> ByteView { view(Int(start)..<Int(end)) }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// Where a view lies in this arena; nil if it is a view of something else.
    package func range(of view: ByteView) -> Range<Int>? {
        let start = unsafe UnsafeRawPointer(view.base) - UnsafeRawPointer(base)
        guard start >= 0, start <= count, view.count <= count - start else { return nil }
        return start..<(start + view.count)
    }

    /// Forgets the content, keeps the storage.
    @inlinable package func removeAll() { count = 0 }

    /// Gives storage beyond `limit` bytes back, so that one giant line does not stay paid for. Forgets the content.
    package func shrink(to limit: Int) {
        count = 0
        guard capacity > limit else { return }
        unsafe base.deallocate()
        unsafe storage.pointee.base = .allocate(capacity: limit + Self.slack)
        unsafe storage.pointee.capacity = limit
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
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe storage.pointee.base = larger
        unsafe storage.pointee.capacity = wanted
    }

    // MARK: Appending

    @inlinable
    @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count &+= 1
    }

    @inlinable
    @inline(__always)
    package func append(_ bytes: ByteView) {
        reserve(bytes.count)
        unsafe (base + count).update(from: bytes.base, count: bytes.count)
        count &+= bytes.count
    }

    @inlinable
    @inline(__always)
    package func append(_ literal: StaticString) { append(ByteView(literal)) }

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
        unsafe (base + count).update(from: base + range.lowerBound, count: range.count)
        count &+= range.count
    }

    /// Lets `fill` write up to `room` bytes at the end; it returns how many it wrote.
    @inlinable
    package func append<Failure: Error>(
        room: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(room)
        let written = try unsafe fill(UnsafeMutableRawBufferPointer(start: base + count, count: room))
        assert(written >= 0 && written <= room)
        count &+= max(0, min(written, room))
    }

    /// Stores a byte without looking whether there is room: the caller has reserved it.
    @inlinable
    @inline(__always)
    package func appendReserved(_ byte: UInt8) {
        assert(count < capacity + Self.slack)
        unsafe base[count] = byte
        count &+= 1
    }

    /// Stores eight bytes, of which `used` count: the caller has reserved them.
    @inlinable
    @inline(__always)
    package func appendReserved(word: UInt64, used: Int) {
        assert(count + 8 <= capacity + Self.slack)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        count &+= used
    }

    /// Overwrites the byte at `index`.
    @inlinable
    package func replace(at index: Int, with byte: UInt8) {
        guard index >= 0, index < count else { return }
        unsafe base[index] = byte
    }

    /// Takes back everything after `length`.
    @inlinable
    package func truncate(to length: Int) { if length < count { count = max(0, length) } }

    package var string: String { view.string }
}
