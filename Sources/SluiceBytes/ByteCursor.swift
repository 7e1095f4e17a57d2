// SPDX-License-Identifier: Apache-2.0

/// Writes to the end of an arena where room for all of it has been made, without looking again for every piece.
///
/// The caller says how much it will write at most, writes, and ends with `finish`; whatever is not finished
/// was never there.
@safe
@usableFromInline
package struct ByteCursor: ~Copyable {
    @usableFromInline var next: UnsafeMutablePointer<UInt8>

    /// - Parameters:
    ///   - arena: where to write. Nothing else may write to it meanwhile.
    ///   - room: how much will be written at most.
    @inlinable
    @inline(__always)
    package init(_ arena: ByteArena, room: Int) {
        arena.reserve(room &+ 16)
        unsafe next = arena.base + arena.count
    }

    @inlinable
    @inline(__always)
    package consuming func finish(_ arena: ByteArena) { unsafe arena.count = next - arena.base }

    @inlinable
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        unsafe next.pointee = byte
        unsafe next += 1
    }

    @inlinable
    @inline(__always)
    package mutating func append(_ literal: StaticString) { append(ByteView(literal)) }

    @inlinable
    @inline(__always)
    package mutating func append(_ bytes: ByteView) {
        unsafe UnsafeMutableRawPointer(next).copyMemory(from: bytes.base, byteCount: bytes.count)
        unsafe next += bytes.count
    }

    /// Copies bytes of an arena, where there is always something behind them that may be read; a few more than these
    /// may be written.
    @inlinable
    @inline(__always)
    package mutating func append(short bytes: ByteView) {
        var position = 0
        repeat {
            let block = unsafe UnsafeRawPointer(bytes.base + position).loadUnaligned(as: SIMD16<UInt8>.self)
            unsafe UnsafeMutableRawPointer(next + position).storeBytes(of: block, as: SIMD16<UInt8>.self)
            position &+= 16
        } while position < bytes.count
        unsafe next += bytes.count
    }

    /// Eight bytes, of which `used` count, the first of them the lowest.
    @inlinable
    @inline(__always)
    package mutating func append(word: UInt64, used: Int) {
        unsafe UnsafeMutableRawPointer(next).storeBytes(of: word.littleEndian, as: UInt64.self)
        unsafe next += used
    }

    /// Copies text as the inside of a JSON string.
    ///
    /// - Returns: false if something in it would have to be escaped or checked; what was written is then of no use.
    @inlinable
    @inline(__always)
    package mutating func append(plain text: ByteView) -> Bool {
        let length = text.count
        let target = unsafe UnsafeMutableRawPointer(next)
        unsafe next += length
        var marks: UInt64 = 0
        if length >= 8 {
            // The last eight bytes may overlap those before them.
            var position = 0
            let last = length &- 8
            while position < last {
                let word = text.word(at: position)
                marks |= StringMarks.find(in: word)
                unsafe (target + position).storeBytes(of: word.littleEndian, as: UInt64.self)
                position &+= 8
            }
            let word = text.word(at: last)
            marks |= StringMarks.find(in: word)
            unsafe (target + last).storeBytes(of: word.littleEndian, as: UInt64.self)
        } else if length >= 4 {
            let low = unsafe UnsafeRawPointer(text.base).loadUnaligned(as: UInt32.self)
            let high = unsafe UnsafeRawPointer(text.base + (length &- 4)).loadUnaligned(as: UInt32.self)
            marks = StringMarks.find(in: UInt64(low) | UInt64(high) << 32)
            unsafe target.storeBytes(of: low, as: UInt32.self)
            unsafe (target + (length &- 4)).storeBytes(of: high, as: UInt32.self)
        } else if length > 0 {
            let first = text[0]
            let middle = text[length >> 1]
            let last = text[length &- 1]
            // Filled up with spaces, which need no marks.
            let word = UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16 | 0x2020_2020_2000_0000
            marks = StringMarks.find(in: word)
            unsafe target.storeBytes(of: first, as: UInt8.self)
            unsafe (target + (length >> 1)).storeBytes(of: middle, as: UInt8.self)
            unsafe (target + (length &- 1)).storeBytes(of: last, as: UInt8.self)
        }
        return marks == 0
    }

    /// Writes a whole number in decimal, 20 bytes at most.
    @inlinable
    @inline(__always)
    package mutating func append(integer value: UInt64) {
        if value < 100_000_000 {
            let digits = DecimalWord.digits(value)
            // The last digit is written even if it is 0.
            let leading = (digits | 1 << 56).trailingZeroBitCount & ~7
            append(word: (digits | 0x3030_3030_3030_3030) >> UInt64(leading), used: 8 &- leading >> 3)
        } else {
            append(long: value)
        }
    }

    @usableFromInline
    mutating func append(long value: UInt64) {
        let (upper, lower) = value.quotientAndRemainder(dividingBy: 100_000_000)
        append(integer: upper)
        append(word: DecimalWord.digits(lower) | 0x3030_3030_3030_3030, used: 8)
    }
}

/// Eight decimal digits in one word.
@usableFromInline
package enum DecimalWord {
    /// The digits of a number below 10^8, with leading zeros, as values from 0 to 9, the first in the lowest byte.
    @inlinable
    @inline(__always)
    package static func digits(_ value: UInt64) -> UInt64 {
        let upper = value / 10_000
        let fours = upper | (value &- upper &* 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x0000_007f_0000_007f
        let twos = hundreds | (fours &- hundreds &* 100) << 16
        let tens = (twos &* 103) >> 10 & 0x000f_000f_000f_000f
        return tens | (twos &- tens &* 10) << 8
    }
}
