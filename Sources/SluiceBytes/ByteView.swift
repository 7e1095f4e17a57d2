// SPDX-License-Identifier: Apache-2.0

/// A window onto bytes that somebody else owns.
///
/// It is what hot loops read through: a pointer and a length, trivially copied, no reference counting. A view is good
/// for as long as its owner neither frees nor grows its storage; whoever makes one keeps the owner alive beside it.
/// Bounds are asserted in debug builds and are the caller's duty otherwise: every index in this package comes from a
/// loop bounded by `count`, or from a scanner that found it inside the view.
@safe
@usableFromInline
package struct ByteView: @unchecked Sendable {
    @usableFromInline package let base: UnsafePointer<UInt8>
    @usableFromInline package let count: Int

    @inlinable
    package init(base: UnsafePointer<UInt8>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// The byte at `index`.
    @inlinable
    package subscript(index: Int) -> UInt8 {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
    }

    /// The bytes in `range`, as a view of the same storage.
    @inlinable
    package subscript(range: Range<Int>) -> ByteView {
        @inline(__always) get {
            assert(range.lowerBound >= 0 && range.upperBound <= count)
            return unsafe ByteView(base: base + range.lowerBound, count: range.count)
        }
    }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// Eight bytes from `index`, the first of them the lowest. The caller has checked that `index + 8 <= count`.
    @inlinable
    @inline(__always)
    package func word(at index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self).littleEndian
    }

    /// Sixteen bytes from `index`. The caller has checked that `index + 16 <= count`.
    @inlinable
    @inline(__always)
    package func block(at index: Int) -> SIMD16<UInt8> {
        assert(index >= 0 && index + 16 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
    }

    /// Runs `body` over a view of the UTF-8 of a literal; the literal lives as long as the process.
    @inlinable
    package init(_ literal: StaticString) {
        unsafe self.init(base: literal.utf8Start, count: literal.utf8CodeUnitCount)
    }

    /// Whether both hold the same bytes.
    @inlinable
    @inline(__always)
    package static func == (left: ByteView, right: ByteView) -> Bool {
        let count = left.count
        guard count == right.count else { return false }
        // Names are short, and two words that may overlap are quicker than a call.
        if count >= 8 {
            guard left.word(at: 0) == right.word(at: 0) else { return false }
            if count <= 16 { return left.word(at: count &- 8) == right.word(at: count &- 8) }
            return unsafe compareBytes(left.base, right.base, count)
        }
        if count >= 4 {
            return left.half(at: 0) == right.half(at: 0) && left.half(at: count &- 4) == right.half(at: count &- 4)
        }
        if count == 0 { return true }
        return left[0] == right[0] && left[count &- 1] == right[count &- 1] && left[count >> 1] == right[count >> 1]
    }

    /// Four bytes from `index`. The caller has checked that `index + 4 <= count`.
    @inlinable
    @inline(__always)
    func half(at index: Int) -> UInt32 {
        assert(index >= 0 && index + 4 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self)
    }

    /// Less than, equal to or greater than 0 as this view comes before, is or comes after the other one, byte by byte.
    package func compare(_ other: ByteView) -> Int {
        let order = unsafe orderBytes(base, other.base, min(count, other.count))
        return order == 0 ? count - other.count : order
    }

    /// The same as `==` for short texts that lie in arenas: eight bytes at a time, reading past their ends, where an
    /// arena always has something to read.
    @inlinable
    @inline(__always)
    package func equalsInArena(_ other: ByteView) -> Bool {
        guard count == other.count else { return false }
        var position = 0
        while position < count {
            let left = unsafe UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
            let right = unsafe UnsafeRawPointer(other.base + position).loadUnaligned(as: UInt64.self).littleEndian
            let rest = count &- position
            let mask = rest >= 8 ? UInt64.max : (1 << UInt64(truncatingIfNeeded: rest &* 8)) &- 1
            if (left ^ right) & mask != 0 { return false }
            position &+= 8
        }
        return true
    }

    /// Whether the view starts with these bytes.
    @inlinable
    package func hasPrefix(_ prefix: ByteView) -> Bool {
        count >= prefix.count && self[0..<prefix.count] == prefix
    }

    /// Whether the view holds `needle` somewhere.
    package func contains(_ needle: ByteView) -> Bool {
        firstRange(of: needle) != nil
    }

    /// Where `needle` first stands, or nil.
    package func firstRange(of needle: ByteView) -> Range<Int>? {
        guard let first = needle.isEmpty ? nil : needle[0] else { return 0..<0 }
        var from = 0
        while from + needle.count <= count, let at = self[from..<(count - needle.count + 1)].firstIndex(of: first) {
            let start = from + at
            if self[start..<(start + needle.count)] == needle { return start..<(start + needle.count) }
            from = start + 1
        }
        return nil
    }

    /// Where `byte` first stands, or nil.
    @inlinable
    package func firstIndex(of byte: UInt8) -> Int? {
        unsafe findByte(byte, base, count)
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    package var string: String {
        unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    /// A copy of the bytes.
    package var array: [UInt8] {
        unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
    }

    /// A view of nothing.
    @inlinable package static var empty: ByteView { ByteView("") }
}

extension Array where Element == UInt8 {
    /// Runs `body` over a view of the array's bytes, which is good only inside `body`.
    @inlinable
    package func withByteView<Result, Failure: Error>(
        _ body: (ByteView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = unsafe withUnsafeBufferPointer { buffer in
            do throws(Failure) {
                guard let base = buffer.baseAddress else { return .success(try body(.empty)) }
                return .success(try body(unsafe ByteView(base: base, count: buffer.count)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension String {
    /// Runs `body` over a view of the string's UTF-8, which is good only inside `body`.
    @inlinable
    package func withByteView<Result, Failure: Error>(
        _ body: (ByteView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var copy = self
        let outcome: Swift.Result<Result, Failure> = copy.withUTF8 { buffer in
            do throws(Failure) {
                guard let base = buffer.baseAddress else { return .success(try body(.empty)) }
                return .success(try body(unsafe ByteView(base: base, count: buffer.count)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
