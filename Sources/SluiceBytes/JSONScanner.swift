// SPDX-License-Identifier: Apache-2.0

/// A strict scanner for JSON texts (RFC 8259): it validates everything and builds nothing.
///
/// Nesting is kept in a row of bits, not on the stack, so no text can exhaust it. Strings are looked at eight bytes at
/// a time. UTF-8 is validated as the Unicode standard's table 3-7 has it; unpaired surrogates written as escapes are
/// let through, because they are well-formed JSON.
package struct JSONScanner {
    /// The deepest nesting that is accepted. Elasticsearch's own limit is 1000, and no log line comes near either.
    package static let maximumDepth = 512

    @usableFromInline var text: ByteView
    @usableFromInline var position = 0
    /// One bit a level: 1 is an object, 0 an array.
    private var nesting = InlineBits()
    private var depth = 0
    private var hasLineFeed = false

    /// Scans the whole of `text`, which must be one value with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - text: less than 4 GiB.
    ///   - origin: added to every offset in `index`, for a text that lies inside a larger one.
    ///   - index: is filled with the value's kind and children.
    package static func scan(_ text: ByteView, origin: Int = 0, into index: JSONIndex) throws(JSONError) {
        var scanner = JSONScanner(text: text)
        try scanner.run(origin: origin, index: index, expected: index.noKeys)
    }

    /// The same for an object that most likely has the keys of `expected`, in that order.
    package static func scan(
        _ text: ByteView,
        origin: Int,
        into index: JSONIndex,
        expected: JSONKeySequence
    ) throws(JSONError) {
        var scanner = JSONScanner(text: text)
        try scanner.run(origin: origin, index: index, expected: expected)
    }

    /// Checks that the whole of `text` is one JSON value.
    package static func validate(_ text: ByteView) throws(JSONError) {
        var scanner = JSONScanner(text: text)
        let index = JSONIndex()
        try scanner.run(origin: 0, index: index, expected: index.noKeys)
    }

    private init(text: ByteView) { self.text = text }

    private mutating func run(origin: Int, index: JSONIndex, expected: JSONKeySequence) throws(JSONError) {
        index.children.removeAll()
        skipWhiteSpace()
        let start = origin + position
        var rootKind = JSONKind.null
        var child = JSONIndex.Child(
            keyStart: 0,
            keyEnd: 0,
            valueStart: 0,
            valueEnd: 0,
            kind: .null,
            keyIsEscaped: false
        )
        while true {
            // A value begins here. Its kind is noted when it is the root or a child of the root.
            if depth == 1 {
                child.valueStart = UInt32(truncatingIfNeeded: origin + position)
                child.childCount = 0
            }
            guard position < text.count else { throw JSONError(.endOfText, at: position) }
            let byte = text[position]
            var kind: JSONKind
            var isOpen = false
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                kind = try string() ? .escapedString : .string
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = byte == UInt8(ascii: "{")
                kind = isObject ? .object : .array
                position += 1
                guard depth < Self.maximumDepth else { throw JSONError(.depth, at: position - 1) }
                if depth == 1 { child.kind = kind } else if depth == 0 { rootKind = kind }
                nesting.set(depth, isObject)
                depth += 1
                skipWhiteSpace()
                if position < text.count, text[position] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position += 1
                    depth -= 1
                } else {
                    isOpen = true
                    if isObject {
                        try key(origin: origin, child: &child, index: index, expected: expected)
                    } else if depth == 1 {
                        child.keyStart = 0
                        child.keyEnd = 0
                    }
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                kind = try number()
            case UInt8(ascii: "t"):
                try literal("true")
                kind = .true
            case UInt8(ascii: "f"):
                try literal("false")
                kind = .false
            case UInt8(ascii: "n"):
                try literal("null")
                kind = .null
            default: throw JSONError(.value, at: position)
            }
            if isOpen { continue }
            if kind.rawValue < JSONKind.object.rawValue {
                if depth == 1 { child.kind = kind } else if depth == 0 { rootKind = kind }
            }

            // A value ended here: at `depth` is the container it stands in.
            var isNext = false
            while !isNext {
                if depth == 1 {
                    child.valueEnd = UInt32(truncatingIfNeeded: origin + position)
                    index.children.append(child)
                } else if depth == 2 {
                    child.childCount &+= 1
                } else if depth == 0 {
                    let end = origin + position
                    skipWhiteSpace()
                    guard position == text.count else { throw JSONError(.trailing, at: position) }
                    index.setRoot(kind: rootKind, start: start, end: end, hasLineFeed: hasLineFeed)
                    return
                }
                skipWhiteSpace()
                guard position < text.count else { throw JSONError(.endOfText, at: position) }
                let isObject = nesting.get(depth - 1)
                switch text[position] {
                case UInt8(ascii: ","):
                    position += 1
                    skipWhiteSpace()
                    if isObject { try key(origin: origin, child: &child, index: index, expected: expected) }
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
    private mutating func key(
        origin: Int,
        child: inout JSONIndex.Child,
        index: JSONIndex,
        expected: JSONKeySequence
    ) throws(JSONError) {
        if depth == 1 {
            child.isExpected = false
            let number = index.children.count
            if number < expected.count {
                let member = expected.member(number)
                // The comparison goes eight bytes at a time, past the member's end.
                if position + member.count + 8 <= text.count,
                    text[position..<(position + member.count)].equalsInArena(member)
                {
                    child.keyStart = UInt32(truncatingIfNeeded: origin + position + 1)
                    child.keyEnd = UInt32(truncatingIfNeeded: origin + position + member.count - 2)
                    child.keyIsEscaped = false
                    child.isExpected = true
                    position += member.count
                    skipWhiteSpace()
                    return
                }
            }
        }
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        guard text[position] == UInt8(ascii: "\"") else { throw JSONError(.key, at: position) }
        position += 1
        let start = position
        let isEscaped = try string()
        if depth == 1 {
            child.keyStart = UInt32(truncatingIfNeeded: origin + start)
            child.keyEnd = UInt32(truncatingIfNeeded: origin + position - 1)
            child.keyIsEscaped = isEscaped
        }
        skipWhiteSpace()
        guard position < text.count else { throw JSONError(.endOfText, at: position) }
        guard text[position] == UInt8(ascii: ":") else { throw JSONError(.colon, at: position) }
        position += 1
        skipWhiteSpace()
    }

    @inline(__always)
    private mutating func skipWhiteSpace() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x0d, 0x09: position += 1
            case 0x0a:
                hasLineFeed = true
                position += 1
            default: return
            }
        }
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let word = ByteView(word)
        guard position + word.count <= text.count else { throw JSONError(.endOfText, at: text.count) }
        guard text[position..<(position + word.count)] == word else { throw JSONError(.value, at: position) }
        position += word.count
    }

    /// Reads to behind the closing quote; true if there were escapes.
    @inline(__always)
    private mutating func string() throws(JSONError) -> Bool {
        var isEscaped = false
        while true {
            var byte: UInt8 = 0
            // Eight bytes at a time over what needs no attention.
            scan: while true {
                if position + 8 <= text.count {
                    let marks = StringMarks.find(in: text.word(at: position))
                    if marks == 0 {
                        position += 8
                        continue scan
                    }
                    position += marks.trailingZeroBitCount >> 3
                    byte = text[position]
                    break scan
                }
                guard position < text.count else { throw JSONError(.endOfText, at: position) }
                byte = text[position]
                if byte == 0x22 || byte == 0x5c || byte < 0x20 || byte >= 0x80 { break scan }
                position += 1
            }
            if byte == 0x22 {
                position += 1
                return isEscaped
            }
            if byte == 0x5c {
                isEscaped = true
                try escape()
            } else if byte < 0x20 {
                throw JSONError(.controlCharacter, at: position)
            } else {
                let length = UTF8Sequence.length(in: text, at: position)
                guard length > 0 else { throw JSONError(.encoding, at: position) }
                position += length
            }
        }
    }

    private mutating func escape() throws(JSONError) {
        guard position + 1 < text.count else { throw JSONError(.endOfText, at: position) }
        switch text[position + 1] {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: position += 2
        case UInt8(ascii: "u"):
            guard position + 6 <= text.count else { throw JSONError(.endOfText, at: text.count) }
            for offset in 2..<6 where Hexadecimal.value(of: text[position + offset]) == nil {
                throw JSONError(.escape, at: position)
            }
            position += 6
        default: throw JSONError(.escape, at: position)
        }
    }

    @inline(__always)
    private mutating func digits() -> Int {
        let start = position
        while position < text.count, text[position] &- 0x30 < 10 { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONError) -> JSONKind {
        let start = position
        var kind = JSONKind.integer
        if text[position] == UInt8(ascii: "-") { position += 1 }
        let isZero = position < text.count && text[position] == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !(isZero && whole > 1) else { throw JSONError(.number, at: start) }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            kind = .double
            position += 1
            guard digits() > 0 else { throw JSONError(.number, at: start) }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            kind = .double
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw JSONError(.number, at: start) }
        }
        return kind
    }
}

/// One bit for each level of nesting.
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
