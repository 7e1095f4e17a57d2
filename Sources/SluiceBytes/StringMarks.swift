// SPDX-License-Identifier: Apache-2.0

#if arch(x86_64)
import CProcessor
#endif

/// Finds, in eight or more bytes at once, those that a JSON string must not pass over.
@usableFromInline
package enum StringMarks {
    /// The high bit of each byte that is a quote, a backslash, a control character or not ASCII.
    ///
    /// Only the lowest mark is exact: a borrow can set marks above a true one, never below it.
    @inlinable
    @inline(__always)
    package static func find(in word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5c5c_5c5c_5c5c_5c5c
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- 0x2020_2020_2020_2020) & ~word) | word
        return found & high
    }

    /// The same without the bytes that are not ASCII, for text that is known to be UTF-8.
    @inlinable
    @inline(__always)
    package static func findEscapes(in word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5c5c_5c5c_5c5c_5c5c
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- 0x2020_2020_2020_2020) & ~word)
        return found & high
    }

    /// How many of the 32 bytes from `position` stand before the first that is a quote, a backslash, a control character
    /// or not ASCII; 32 if there is none. The caller has checked that `position + 32 <= text.count`.
    @inline(__always)
    static func plainCount(_ text: ByteView, at position: Int) -> Int {
        assert(position >= 0 && position + 32 <= text.count)
        #if arch(x86_64)
        return unsafe Int(sluice_string_plain_32(text.base + position))
        #else
        let first = plainCount(in: text.block(at: position))
        return first < 16 ? first : 16 &+ plainCount(in: text.block(at: position &+ 16))
        #endif
    }

    #if !arch(x86_64)
    /// Vectors are compared with vectors only: the operators that take a scalar are two hundred times slower.
    @inline(__always)
    private static func plainCount(in block: SIMD16<UInt8>) -> Int {
        let quotes = SIMD16<Int8>(repeating: 0x22)
        let backslashes = SIMD16<Int8>(repeating: 0x5c)
        let spaces = SIMD16<Int8>(repeating: 0x20)
        // With a sign, what is not ASCII is below the space, too.
        let bytes = unsafe unsafeBitCast(block, to: SIMD16<Int8>.self)
        let found = (bytes .== quotes) .| (bytes .== backslashes) .| (bytes .< spaces)
        let words = unsafe unsafeBitCast(found, to: SIMD2<UInt64>.self)
        if words[0] != 0 { return words[0].trailingZeroBitCount >> 3 }
        return words[1] == 0 ? 16 : 8 &+ words[1].trailingZeroBitCount >> 3
    }
    #endif
}
