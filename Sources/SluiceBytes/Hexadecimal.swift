// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal digits.
@usableFromInline
package enum Hexadecimal {
    /// The value of one digit, or nil.
    @inlinable
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// The lower-case digit for 0 to 15.
    @inlinable
    package static func digit(_ value: UInt8) -> UInt8 {
        let value = value & 15
        return value < 10 ? 0x30 + value : 0x57 + value
    }
}
