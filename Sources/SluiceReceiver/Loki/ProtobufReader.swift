// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Goes through the fields of one message in Protocol Buffers' wire format, and never beyond its end.
///
/// Source: "Encoding" in the documentation of Protocol Buffers.
struct ProtobufReader {
    enum Malformed: Error, Equatable {
        /// Something goes on beyond the end of what it is in; the byte where it begins.
        case truncated(at: Int)
        /// A number is longer than 64 bits, or a field of an unknown kind.
        case invalid(at: Int)
    }

    /// A field's number, and what it holds.
    enum Value {
        case number(UInt64)
        case bytes(Range<Int>)
        /// Of eight or four bytes, and passed over.
        case other
    }

    private let data: ByteView
    private var position: Int
    private let end: Int

    /// - Parameter range: where in `data` the message is.
    init(_ data: ByteView, _ range: Range<Int>) {
        self.data = data
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field; nil at the end.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        guard position < end else { return nil }
        let start = position
        let key = try varint()
        guard let field = Int32(exactly: key >> 3), field > 0 else { throw .invalid(at: start) }
        switch key & 7 {
        case 0: return (Int(field), .number(try varint()))
        case 1: return (Int(field), try skip(8))
        case 2:
            let length = try varint()
            guard let count = Int(exactly: length), count <= end - position else { throw .truncated(at: start) }
            let range = position..<position + count
            position = range.upperBound
            return (Int(field), .bytes(range))
        case 5: return (Int(field), try skip(4))
        default: throw .invalid(at: start)
        }
    }

    private mutating func skip(_ count: Int) throws(Malformed) -> Value {
        guard count <= end - position else { throw .truncated(at: position) }
        position += count
        return .other
    }

    private mutating func varint() throws(Malformed) -> UInt64 {
        let start = position
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = UInt64(data[position])
            position += 1
            number |= (byte & 0x7f) << shift
            if byte < 0x80 { return number }
            shift += 7
            if shift > 63 { throw .invalid(at: start) }
        }
        throw .truncated(at: start)
    }
}
