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
}

extension ByteArena {
    /// Writes a number to the base of 64, highest digit first, with as few digits as it needs and at least one.
    package func append(base64 value: UInt64) {
        reserve(16)
        var shift = value == 0 ? 0 : (63 - UInt64(value.leadingZeroBitCount)) / 6 * 6
        while true {
            appendReserved(Base64URL.digit(UInt8(truncatingIfNeeded: value >> shift)))
            if shift == 0 { return }
            shift -= 6
        }
    }
}
