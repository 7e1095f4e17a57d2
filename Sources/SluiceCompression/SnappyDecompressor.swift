// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Decompresses Snappy's block format.
///
/// Source: "Snappy compressed format description", 2011-10-05.
package enum SnappyDecompressor {
    /// Appends the text of the whole of `data`.
    ///
    /// - Parameter limit: the most bytes that the text may have.
    package static func decompress(_ data: ByteView, to output: ByteArena, limit: Int) throws(SnappyError) {
        var position = 0
        let length = try length(of: data, &position)
        guard length <= limit else { throw .tooLarge(limit: limit) }
        // No element makes more than 64 bytes of 3, so that a false length costs no memory.
        guard length <= data.count * 22 else { throw .corrupt("it cannot hold the \(length) bytes that it says") }
        let start = output.count
        output.reserve(length)
        while position < data.count {
            let tag = Int(data[position])
            position += 1
            let made = output.count - start
            if tag & 3 == 0 {
                var count = tag >> 2 + 1
                if count > 60 {
                    count = try number(data, &position, bytes: count - 60) + 1
                }
                guard count <= data.count - position else { throw .truncated }
                guard count <= length - made else { throw .corrupt("there is more text than it says") }
                output.append(data[position..<position + count])
                position += count
                continue
            }
            let count: Int
            let offset: Int
            switch tag & 3 {
            case 1:
                count = tag >> 2 & 7 + 4
                offset = try (tag >> 5) << 8 | number(data, &position, bytes: 1)
            case 2:
                count = tag >> 2 + 1
                offset = try number(data, &position, bytes: 2)
            default:
                count = tag >> 2 + 1
                offset = try number(data, &position, bytes: 4)
            }
            guard offset > 0, offset <= made else { throw .corrupt("a copy begins before the text") }
            guard count <= length - made else { throw .corrupt("there is more text than it says") }
            // A copy may go on into what it makes.
            var left = count
            while left > 0 {
                let from = output.count - offset
                let part = min(left, offset)
                output.appendCopy(of: from..<from + part)
                left -= part
            }
        }
        guard output.count - start == length else { throw .truncated }
    }

    private static func length(of data: ByteView, _ position: inout Int) throws(SnappyError) -> Int {
        var length = 0
        var shift = 0
        while position < data.count {
            let byte = Int(data[position])
            position += 1
            length |= (byte & 0x7f) << shift
            if byte < 0x80 {
                guard length <= Int(UInt32.max) else { throw .corrupt("its length has more than 32 bits") }
                return length
            }
            shift += 7
            guard shift <= 28 else { throw .corrupt("its length has more than 32 bits") }
        }
        throw .truncated
    }

    private static func number(_ data: ByteView, _ position: inout Int, bytes: Int) throws(SnappyError) -> Int {
        guard bytes <= data.count - position else { throw .truncated }
        var number = 0
        for index in 0..<bytes { number |= Int(data[position + index]) << (8 * index) }
        position += bytes
        return number
    }
}
