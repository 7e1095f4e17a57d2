// SPDX-License-Identifier: Apache-2.0

/// Whole numbers in as many bytes as they need, seven bits in each, the lowest first: Protocol Buffers' varints.
extension ByteArena {
    package func append(varint number: Int) {
        reserve(10)
        var rest = UInt64(bitPattern: Int64(number))
        while rest >= 0x80 {
            appendReserved(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        appendReserved(UInt8(truncatingIfNeeded: rest))
    }

    /// How many bytes `append(varint:)` writes.
    package static func varintLength(_ number: Int) -> Int {
        max(1, (70 - UInt64(bitPattern: Int64(number)).leadingZeroBitCount) / 7)
    }
}
