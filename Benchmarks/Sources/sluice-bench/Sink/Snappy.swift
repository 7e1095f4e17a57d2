// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The snappy block format, without framing. Source: format_description.txt of the snappy project.
enum Snappy {
    /// Appends the text of `data`.
    ///
    /// - Returns: false if the data is damaged or holds more than `limit` bytes.
    static func decompress(_ data: ByteView, to output: ByteArena, limit: Int) -> Bool {
        var position = 0
        guard let length = varint(data, &position), length <= limit else { return false }
        let start = output.count
        output.reserve(length)
        while position < data.count {
            let tag = Int(data[position])
            position += 1
            if tag & 3 == 0 {
                var count = tag >> 2
                if count >= 60 {
                    guard let written = number(data, &position, bytes: count - 59) else { return false }
                    count = written
                }
                count += 1
                guard position + count <= data.count else { return false }
                output.append(data[position..<(position + count)])
                position += count
                continue
            }
            var count = tag >> 2 + 1
            let offset: Int?
            switch tag & 3 {
            case 1:
                count = tag >> 2 & 7 + 4
                offset = number(data, &position, bytes: 1).map { $0 | (tag >> 5) << 8 }
            case 2: offset = number(data, &position, bytes: 2)
            default: offset = number(data, &position, bytes: 4)
            }
            guard let offset, offset > 0, offset <= output.count - start, output.count - start + count <= length else {
                return false
            }
            copy(count, from: offset, in: output)
        }
        return output.count - start == length
    }

    /// Repeats what stands `offset` bytes before the end; the two may overlap.
    private static func copy(_ count: Int, from offset: Int, in output: ByteArena) {
        var left = count
        while left > 0 {
            let part = min(left, offset)
            let begin = output.count - offset
            output.appendCopy(of: begin..<(begin + part))
            left -= part
        }
    }

    private static func varint(_ data: ByteView, _ position: inout Int) -> Int? {
        var value = 0
        var shift = 0
        while position < data.count, shift < 35 {
            let byte = Int(data[position])
            position += 1
            value |= (byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    private static func number(_ data: ByteView, _ position: inout Int, bytes: Int) -> Int? {
        guard position + bytes <= data.count else { return nil }
        var value = 0
        for index in 0..<bytes { value |= Int(data[position + index]) << (8 * index) }
        position += bytes
        return value
    }
}
