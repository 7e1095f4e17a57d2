// SPDX-License-Identifier: Apache-2.0

/// A strict scanner for JSON texts (RFC 8259): it validates everything and builds nothing.
///
/// Nesting is kept in a row of bits, not on the stack, so no text can exhaust it. Strings are looked at 32 bytes at a
/// time, and eight where there is something in them. UTF-8 is validated as the Unicode standard's table 3-7 has it;
/// unpaired surrogates written as escapes are let through, because they are well-formed JSON.
///
/// The functions take a position and give back another one, so that it stays in a register.
package enum JSONScanner {
    /// The deepest nesting that is accepted. Elasticsearch's own limit is 1000, and no log line comes near either.
    package static let maximumDepth = 512

    /// Scans the whole of `text`, which must be one value with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - text: less than 4 GiB.
    ///   - origin: added to every offset in `index`, for a text that lies inside a larger one.
    ///   - index: is filled with the value's kind and children.
    package static func scan(_ text: ByteView, origin: Int = 0, into index: JSONIndex) throws(JSONError) {
        index.children.removeAll()
        var hasLineFeed = false
        var position = skipWhiteSpace(text, 0, &hasLineFeed)
        index.rootStart = origin + position
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        switch text[position] {
        case UInt8(ascii: "{"):
            index.rootKind = .object
            position = try members(text, position + 1, origin, index, &hasLineFeed)
        case UInt8(ascii: "["):
            index.rootKind = .array
            position = try elements(text, position + 1, origin, index, &hasLineFeed)
        default:
            let piece = try value(text, position, &hasLineFeed)
            index.rootKind = piece.kind
            position = piece.end
        }
        index.rootEnd = origin + position
        position = skipWhiteSpace(text, position, &hasLineFeed)
        guard position == text.count else { throw JSONError(.trailing, at: position) }
        index.sawLineFeed = hasLineFeed
    }

    /// Checks that the whole of `text` is one JSON value.
    package static func validate(_ text: ByteView) throws(JSONError) {
        try scan(text, into: JSONIndex())
    }

    // MARK: The outermost value

    private static func members(
        _ text: ByteView,
        _ start: Int,
        _ origin: Int,
        _ index: JSONIndex,
        _ hasLineFeed: inout Bool
    ) throws(JSONError) -> Int {
        let memory = index.keyMemory
        let children = index.children
        var position = start
        var place = 0
        while true {
            // Put together at the end only: what is written piece by piece lies in memory, and this is the innermost loop.
            let key: Key
            if let gap = memory?.match(text, position, place: place) {
                key = Key(
                    start: position &+ Int(gap.keyStart),
                    end: position &+ Int(gap.keyEnd),
                    serial: gap.serial,
                    // Where it ended in white space, there may be more of it now.
                    value: skipWhiteSpace(text, position &+ Int(gap.length), &hasLineFeed)
                )
            } else if let read = try self.key(text, position, place, memory, &hasLineFeed) {
                key = read
            } else {
                // The closing brace, and nothing but white space before it.
                return skipWhiteSpace(text, position, &hasLineFeed) + 1
            }
            let piece = try value(text, key.value, &hasLineFeed)
            children.append(
                JSONIndex.Child(
                    keyStart: UInt32(truncatingIfNeeded: origin &+ key.start),
                    keyEnd: UInt32(truncatingIfNeeded: origin &+ key.end),
                    valueStart: UInt32(truncatingIfNeeded: origin &+ key.value),
                    valueEnd: UInt32(truncatingIfNeeded: origin &+ piece.end),
                    keySerial: key.serial,
                    kind: piece.kind,
                    keyIsEscaped: key.isEscaped
                )
            )
            position = piece.end
            place &+= 1
        }
    }

    /// A member's key, between its quotes, and where its value begins.
    private struct Key {
        var start: Int
        var end: Int
        var serial: UInt32 = 0
        var isEscaped = false
        var value: Int
    }

    /// Reads what lies before a member's value: the comma behind the one before, the key and the colon.
    ///
    /// - Returns: nil if the object ends instead.
    private static func key(
        _ text: ByteView,
        _ start: Int,
        _ place: Int,
        _ memory: JSONKeyMemory?,
        _ hasLineFeed: inout Bool
    ) throws(JSONError) -> Key? {
        var sawLineFeed = false
        var position = skipWhiteSpace(text, start, &sawLineFeed)
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        if text[position] == UInt8(ascii: "}") { return nil }
        if place > 0 {
            guard text[position] == UInt8(ascii: ",") else { throw JSONError(.comma, at: position) }
            position = skipWhiteSpace(text, position + 1, &sawLineFeed)
            guard position < text.count else { throw JSONError(.endOfText, at: position) }
        }
        guard text[position] == UInt8(ascii: "\"") else { throw JSONError(.key, at: position) }
        let name = try string(text, position + 1)
        var key = Key(start: position + 1, end: name.end - 1, isEscaped: name.kind == .escapedString, value: name.end)
        key.value = try colon(text, name.end, &sawLineFeed)
        if sawLineFeed {
            hasLineFeed = true
        } else if let memory, !key.isEscaped {
            key.serial = memory.learn(text, start..<key.value, key: key.start..<key.end, place: place)
        }
        return key
    }

    private static func elements(
        _ text: ByteView,
        _ start: Int,
        _ origin: Int,
        _ index: JSONIndex,
        _ hasLineFeed: inout Bool
    ) throws(JSONError) -> Int {
        var position = skipWhiteSpace(text, start, &hasLineFeed)
        if position < text.count, text[position] == UInt8(ascii: "]") { return position + 1 }
        while true {
            let piece = try value(text, position, &hasLineFeed)
            index.children.append(
                JSONIndex.Child(
                    valueStart: UInt32(truncatingIfNeeded: origin &+ position),
                    valueEnd: UInt32(truncatingIfNeeded: origin &+ piece.end),
                    kind: piece.kind
                )
            )
            position = skipWhiteSpace(text, piece.end, &hasLineFeed)
            guard position < text.count else { throw JSONError(.endOfText, at: position) }
            if text[position] == UInt8(ascii: ",") {
                position = skipWhiteSpace(text, position + 1, &hasLineFeed)
            } else if text[position] == UInt8(ascii: "]") {
                return position + 1
            } else {
                throw JSONError(.comma, at: position)
            }
        }
    }

    /// What was read, and where it ends.
    struct Piece {
        var end: Int
        var kind: JSONKind
    }

    /// Reads any value to behind its end.
    @inline(__always)
    private static func value(
        _ text: ByteView,
        _ position: Int,
        _ hasLineFeed: inout Bool
    ) throws(JSONError) -> Piece {
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        let byte = text[position]
        if byte == UInt8(ascii: "\"") { return try string(text, position &+ 1) }
        if byte &- UInt8(ascii: "1") < 9 {
            let end = digits(text, position &+ 1)
            if end < text.count, text[end] == UInt8(ascii: ",") { return Piece(end: end, kind: .integer) }
        }
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            let end = try JSONNesting.skip(text, position, &hasLineFeed)
            return Piece(end: end, kind: byte == UInt8(ascii: "{") ? .object : .array)
        }
        return try scalar(text, position)
    }

    // MARK: Pieces

    /// Reads a number, `true`, `false` or `null`.
    static func scalar(_ text: ByteView, _ position: Int) throws(JSONError) -> Piece {
        switch text[position] {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text, position)
        case UInt8(ascii: "t"): Piece(end: try literal("true", text, position), kind: .true)
        case UInt8(ascii: "f"): Piece(end: try literal("false", text, position), kind: .false)
        case UInt8(ascii: "n"): Piece(end: try literal("null", text, position), kind: .null)
        default: throw JSONError(.value, at: position)
        }
    }

    @inline(__always)
    static func skipWhiteSpace(_ text: ByteView, _ start: Int, _ hasLineFeed: inout Bool) -> Int {
        var position = start
        while position < text.count, text[position] <= 0x20 {
            switch text[position] {
            case 0x20, 0x0d, 0x09: break
            case 0x0a: hasLineFeed = true
            default: return position
            }
            position &+= 1
        }
        return position
    }

    /// Reads the colon behind a key, and the white space around it.
    @inline(__always)
    static func colon(_ text: ByteView, _ start: Int, _ hasLineFeed: inout Bool) throws(JSONError) -> Int {
        let position = skipWhiteSpace(text, start, &hasLineFeed)
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        guard text[position] == UInt8(ascii: ":") else { throw JSONError(.colon, at: position) }
        return skipWhiteSpace(text, position + 1, &hasLineFeed)
    }

    /// Reads from behind the opening quote to behind the closing one.
    @inline(__always)
    static func string(_ text: ByteView, _ start: Int) throws(JSONError) -> Piece {
        var position = start
        // 32 bytes at a time over what needs no attention.
        while position &+ 32 <= text.count {
            let plain = StringMarks.plainCount(text, at: position)
            position &+= plain
            if plain == 32 { continue }
            if text[position] == 0x22 { return Piece(end: position &+ 1, kind: .string) }
            break
        }
        return try stringWithMarks(text, position)
    }

    /// The rest of a string that has escapes or characters beyond ASCII, or whose end is near.
    private static func stringWithMarks(_ text: ByteView, _ start: Int) throws(JSONError) -> Piece {
        var position = start
        var kind = JSONKind.string
        while true {
            if position &+ 8 <= text.count {
                let marks = StringMarks.find(in: text.word(at: position))
                if marks == 0 {
                    position &+= 8
                    continue
                }
                position &+= marks.trailingZeroBitCount >> 3
            }
            guard position < text.count else { throw JSONError(.endOfText, at: position) }
            let byte = text[position]
            if byte == 0x22 { return Piece(end: position &+ 1, kind: kind) }
            if byte == 0x5c {
                kind = .escapedString
                position = try escape(text, position)
            } else if byte < 0x20 {
                throw JSONError(.controlCharacter, at: position)
            } else if byte < 0x80 {
                position &+= 1
            } else {
                let length = UTF8Sequence.length(in: text, at: position)
                guard length > 0 else { throw JSONError(.encoding, at: position) }
                position &+= length
            }
        }
    }

    private static func escape(_ text: ByteView, _ position: Int) throws(JSONError) -> Int {
        guard position + 1 < text.count else { throw JSONError(.endOfText, at: position) }
        switch text[position + 1] {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: return position + 2
        case UInt8(ascii: "u"):
            guard position + 6 <= text.count else { throw JSONError(.endOfText, at: text.count) }
            for offset in 2..<6 where Hexadecimal.value(of: text[position + offset]) == nil {
                throw JSONError(.escape, at: position)
            }
            return position + 6
        default: throw JSONError(.escape, at: position)
        }
    }

    private static func literal(_ word: StaticString, _ text: ByteView, _ position: Int) throws(JSONError) -> Int {
        let word = ByteView(word)
        guard position + word.count <= text.count else { throw JSONError(.endOfText, at: text.count) }
        guard text[position..<(position + word.count)] == word else { throw JSONError(.value, at: position) }
        return position + word.count
    }

    @inline(__always)
    private static func digits(_ text: ByteView, _ start: Int) -> Int {
        var position = start
        // Eight at a time. Only the lowest mark is exact: a carry goes upwards.
        while position &+ 8 <= text.count {
            let digits = text.word(at: position) ^ 0x3030_3030_3030_3030
            let marks = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
            if marks != 0 { return position &+ marks.trailingZeroBitCount >> 3 }
            position &+= 8
        }
        while position < text.count, text[position] &- 0x30 < 10 { position &+= 1 }
        return position
    }

    @inline(__always)
    private static func number(_ text: ByteView, _ start: Int) throws(JSONError) -> Piece {
        var kind = JSONKind.integer
        let first = text[start] == UInt8(ascii: "-") ? start + 1 : start
        var position = digits(text, first)
        guard position > first, position == first + 1 || text[first] != UInt8(ascii: "0") else {
            throw JSONError(.number, at: start)
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            kind = .double
            let fraction = position + 1
            position = digits(text, fraction)
            guard position > fraction else { throw JSONError(.number, at: start) }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            kind = .double
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            let exponent = position
            position = digits(text, exponent)
            guard position > exponent else { throw JSONError(.number, at: start) }
        }
        return Piece(end: position, kind: kind)
    }
}
