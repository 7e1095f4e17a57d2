// SPDX-License-Identifier: Apache-2.0

/// Cuts a query into tokens.
package struct LogQLLexer {
    private let text: [UInt8]
    private var position = 0

    package static func tokens(of text: [UInt8]) throws(LogQLError) -> [LogQLToken] {
        var lexer = LogQLLexer(text: text)
        var tokens: [LogQLToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private init(text: [UInt8]) { self.text = text }

    private func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < text.count ? text[position + ahead] : 0
    }

    private mutating func next() throws(LogQLError) -> LogQLToken {
        while true {
            switch byte() {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            case UInt8(ascii: "#"): while position < text.count, byte() != 0x0a { position += 1 }
            default: return try token()
            }
        }
    }

    private mutating func token() throws(LogQLError) -> LogQLToken {
        let start = position
        guard position < text.count else { return LogQLToken(kind: .end, offset: start) }
        let first = byte()
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            return LogQLToken(kind: .string(try string(first)), offset: start)
        case 0x30...0x39: return LogQLToken(kind: try number(), offset: start)
        case UInt8(ascii: ".") where (0x30...0x39).contains(byte(1)):
            return LogQLToken(kind: try number(), offset: start)
        case UInt8(ascii: "_"), 0x41...0x5a, 0x61...0x7a:
            while Self.isWord(byte()) { position += 1 }
            return LogQLToken(kind: .word(String(decoding: text[start..<position], as: UTF8.self)), offset: start)
        default: break
        }
        for mark in ["|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<="] {
            let bytes = Array(mark.utf8)
            if first == bytes[0], byte(1) == bytes[1] {
                position += 2
                return LogQLToken(kind: .mark(mark), offset: start)
            }
        }
        guard "{}()[],=|><+-*/%^@:".utf8.contains(first) else {
            throw LogQLError(
                "syntax error: unexpected character \(Character(Unicode.Scalar(first)).debugDescription)",
                at: start,
                in: text
            )
        }
        position += 1
        return LogQLToken(kind: .mark(String(Unicode.Scalar(first))), offset: start)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
    }

    private mutating func number() throws(LogQLError) -> LogQLToken.Kind {
        let start = position
        while (0x30...0x39).contains(byte()) || byte() == UInt8(ascii: ".") { position += 1 }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        // An exponent, not the unit of a size or time.
        if byte() | 0x20 == UInt8(ascii: "e"), (0x30...0x39).contains(byte(1)) || "+-".utf8.contains(byte(1)) {
            position += 2
            while (0x30...0x39).contains(byte()) { position += 1 }
            let written = String(decoding: text[start..<position], as: UTF8.self)
            guard let value = Double(written) else {
                throw LogQLError("syntax error: bad number \(written)", at: start, in: text)
            }
            return .number(value)
        }
        guard Self.isWord(byte()) || byte() >= 0x80 else {
            guard let value = Double(digits) else {
                throw LogQLError("syntax error: bad number \(digits)", at: start, in: text)
            }
            return .number(value)
        }
        while Self.isWord(byte()) || byte() >= 0x80 || byte() == UInt8(ascii: ".") { position += 1 }
        let written = String(decoding: text[start..<position], as: UTF8.self)
        if let nanoseconds = DurationText.nanoseconds(written) { return .duration(nanoseconds) }
        if let bytes = ByteSizeText.bytes(written) { return .bytes(bytes) }
        throw LogQLError("syntax error: \"\(written)\" is no number, duration or size", at: start, in: text)
    }

    /// Between double quotes with Go's escapes, or between back quotes as it stands.
    private mutating func string(_ quote: UInt8) throws(LogQLError) -> String {
        let start = position
        var bytes: [UInt8] = []
        position += 1
        while position < text.count {
            let byte = byte()
            position += 1
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") else {
                if byte == 0x0a, quote == UInt8(ascii: "\"") { break }
                bytes.append(byte)
                continue
            }
            let escape = self.byte()
            position += 1
            switch escape {
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0c)
            case UInt8(ascii: "v"): bytes.append(0x0b)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): bytes.append(escape)
            case UInt8(ascii: "x"): bytes.append(UInt8(truncatingIfNeeded: try hexadecimal(2, start)))
            case UInt8(ascii: "u"): append(try hexadecimal(4, start), to: &bytes)
            case UInt8(ascii: "U"): append(try hexadecimal(8, start), to: &bytes)
            default: throw LogQLError("syntax error: invalid char escape", at: position - 2, in: text)
            }
        }
        throw LogQLError("syntax error: literal not terminated", at: start, in: text)
    }

    private func append(_ value: UInt32, to bytes: inout [UInt8]) {
        bytes += Array(String(Character(Unicode.Scalar(value) ?? "\u{fffd}")).utf8)
    }

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(LogQLError) -> UInt32 {
        guard position + count <= text.count,
            let value = UInt32(String(decoding: text[position..<(position + count)], as: UTF8.self), radix: 16)
        else { throw LogQLError("syntax error: invalid char escape", at: start, in: text) }
        position += count
        return value
    }
}
