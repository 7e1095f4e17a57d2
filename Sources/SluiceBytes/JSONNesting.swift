// SPDX-License-Identifier: Apache-2.0

/// Validates what lies inside a nested object or array, with a row of bits for a stack.
enum JSONNesting {
    /// Reads a container that is itself one level deep, to behind its end.
    static func skip(_ text: ByteView, _ start: Int, _ hasLineFeed: inout Bool) throws(JSONError) -> Int {
        var nesting = InlineBits()
        var depth = 1
        var position = start
        while true {
            // A value begins here.
            guard position < text.count else { throw JSONError(.endOfText, at: position) }
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position = try JSONScanner.string(text, position + 1).end
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                guard depth < JSONScanner.maximumDepth else { throw JSONError(.depth, at: position) }
                let isObject = byte == UInt8(ascii: "{")
                nesting.set(depth, isObject)
                depth += 1
                position = JSONScanner.skipWhiteSpace(text, position + 1, &hasLineFeed)
                if position < text.count, text[position] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position += 1
                    depth -= 1
                } else {
                    if isObject { position = try key(text, position, &hasLineFeed) }
                    continue
                }
            } else {
                position = try JSONScanner.scalar(text, position).end
            }
            // A value ended here: at `depth` is the container it stands in.
            var isNext = false
            while !isNext {
                if depth == 1 { return position }
                position = JSONScanner.skipWhiteSpace(text, position, &hasLineFeed)
                guard position < text.count else { throw JSONError(.endOfText, at: position) }
                let isObject = nesting.get(depth - 1)
                switch text[position] {
                case UInt8(ascii: ","):
                    position = JSONScanner.skipWhiteSpace(text, position + 1, &hasLineFeed)
                    if isObject { position = try key(text, position, &hasLineFeed) }
                    isNext = true
                case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                    position += 1
                    depth -= 1
                default: throw JSONError(.comma, at: position)
                }
            }
        }
    }

    /// Reads a key and its colon, and stops at the value.
    @inline(__always)
    private static func key(_ text: ByteView, _ start: Int, _ hasLineFeed: inout Bool) throws(JSONError) -> Int {
        guard start < text.count else { throw JSONError(.endOfText, at: start) }
        guard text[start] == UInt8(ascii: "\"") else { throw JSONError(.key, at: start) }
        let position = try JSONScanner.string(text, start + 1).end
        return try JSONScanner.colon(text, position, &hasLineFeed)
    }
}

/// One bit for each level of nesting: 1 is an object, 0 an array.
private struct InlineBits {
    private var words = InlineArray<8, UInt64>(repeating: 0)

    @inline(__always)
    func get(_ index: Int) -> Bool { words[index >> 6] & (1 << UInt64(index & 63)) != 0 }

    @inline(__always)
    mutating func set(_ index: Int, _ value: Bool) {
        let bit: UInt64 = 1 << UInt64(index & 63)
        if value { words[index >> 6] |= bit } else { words[index >> 6] &= ~bit }
    }
}
