// SPDX-License-Identifier: Apache-2.0

/// The URL-safe base64 alphabet (RFC 4648, section 5), without padding.
@usableFromInline
package enum Base64URL {
    /// The digit for 0 to 63.
    @inlinable
    @inline(__always)
    package static func digit(_ value: UInt8) -> UInt8 {
        ByteView("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")[Int(value & 63)]
    }

    /// The eight digits of a number below 2^48, with leading zeros, as values from 0 to 63, the first in the lowest byte.
    @inlinable
    @inline(__always)
    static func digits(_ value: UInt64) -> UInt64 {
        let fours = value & 0xff_ffff | (value & 0xffff_ff00_0000) << 8
        let twos = fours & 0x0000_0fff_0000_0fff | (fours & 0x00ff_f000_00ff_f000) << 4
        return (twos & 0x003f_003f_003f_003f | (twos & 0x0fc0_0fc0_0fc0_0fc0) << 2).byteSwapped
    }

    /// The characters for eight digits. They lie in five runs: `A` to `Z`, `a` to `z`, `0` to `9`, `-` and `_`.
    @inlinable
    @inline(__always)
    static func text(_ digits: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // 1 in each byte whose digit is not below the first of a run: no byte carries into the next.
        let small = (digits &+ ones &* (128 - 26)) >> 7 & ones
        let decimal = (digits &+ ones &* (128 - 52)) >> 7 & ones
        let hyphen = (digits &+ ones &* (128 - 62)) >> 7 & ones
        let underscore = (digits &+ ones &* (128 - 63)) >> 7 & ones
        return digits &+ ones &* 65 &+ small &* 6 &- decimal &* 75 &- hyphen &* 13 &+ underscore &* 49
    }
}

extension ByteArena {
    /// Writes a number to the base of 64, highest digit first, with as few digits as it needs and at least one.
    @inlinable
    @inline(__always)
    package func append(base64 value: UInt64) {
        var cursor = ByteCursor(self, room: 11)
        cursor.append(base64: value)
        cursor.finish(self)
    }
}

extension ByteCursor {
    /// Writes a number to the base of 64, highest digit first, with as few digits as it needs (11 at most) and at least
    /// one.
    @inlinable
    @inline(__always)
    package mutating func append(base64 value: UInt64) {
        if value >> 48 != 0 {
            append(long64: value)
            return
        }
        let digits = Base64URL.digits(value)
        // The last digit is written even if it is 0.
        let leading = (digits | 1 << 56).trailingZeroBitCount & ~7
        append(word: Base64URL.text(digits) >> UInt64(leading), used: 8 &- leading >> 3)
    }

    /// The digits beyond the eighth before the others, of which none is left out.
    @usableFromInline
    mutating func append(long64 value: UInt64) {
        append(base64: value >> 48)
        append(word: Base64URL.text(Base64URL.digits(value & 0xffff_ffff_ffff)), used: 8)
    }
}
