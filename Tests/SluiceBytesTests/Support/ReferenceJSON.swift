// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// RFC 8259 written down slowly, byte by byte and without tricks, to hold the scanner against.
struct ReferenceJSON {
    struct Child: Equatable {
        var key: Range<Int>
        var value: Range<Int>
        var kind: JSONKind
        var keyIsEscaped: Bool
    }

    struct Value: Equatable {
        var kind: JSONKind
        var range: Range<Int>
        var children: [Child] = []
    }

    private let bytes: [UInt8]
    private var position = 0
    private var isTooDeep = false

    private struct Failure: Error {}

    /// The value that the whole text is, or nil if it is not JSON or nested more than 512 deep.
    static func parse(_ bytes: [UInt8]) -> Value? {
        var parser = ReferenceJSON(bytes: bytes)
        do {
            parser.space()
            let value = try parser.value(depth: 0)
            parser.space()
            return parser.position == bytes.count ? value : nil
        } catch {
            return nil
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func space() {
        while let byte = peek(), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    private mutating func expect(_ text: String) throws {
        for byte in text.utf8 {
            guard peek() == byte else { throw Failure() }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws -> Value {
        let start = position
        var value = Value(kind: .null, range: start..<start)
        switch peek() {
        case UInt8(ascii: "\""): value.kind = try string() ? .escapedString : .string
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 512 { throw Failure() }
            let isObject = peek() == UInt8(ascii: "{")
            value.kind = isObject ? .object : .array
            position += 1
            space()
            let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            if peek() == end {
                position += 1
                break
            }
            while true {
                var key = 0..<0
                var isEscaped = false
                if isObject {
                    let keyStart = position
                    guard peek() == UInt8(ascii: "\"") else { throw Failure() }
                    isEscaped = try string()
                    key = (keyStart + 1)..<(position - 1)
                    space()
                    try expect(":")
                    space()
                }
                let child = try self.value(depth: depth + 1)
                value.children.append(
                    Child(key: key, value: child.range, kind: child.kind, keyIsEscaped: isEscaped)
                )
                space()
                if peek() == end {
                    position += 1
                    break
                }
                try expect(",")
                space()
            }
        case UInt8(ascii: "t"):
            try expect("true")
            value.kind = .true
        case UInt8(ascii: "f"):
            try expect("false")
            value.kind = .false
        case UInt8(ascii: "n"): try expect("null")
        default: value.kind = try number()
        }
        value.range = start..<position
        return value
    }

    private mutating func digits() throws {
        guard let first = peek(), (0x30...0x39).contains(first) else { throw Failure() }
        while let byte = peek(), (0x30...0x39).contains(byte) { position += 1 }
    }

    private mutating func number() throws -> JSONKind {
        var kind = JSONKind.integer
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if peek() == UInt8(ascii: ".") {
            kind = .double
            position += 1
            try digits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            kind = .double
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return kind
    }

    /// True if it has escapes.
    private mutating func string() throws -> Bool {
        position += 1
        var isEscaped = false
        let start = position
        while true {
            guard let byte = peek() else { throw Failure() }
            if byte == UInt8(ascii: "\"") { break }
            if byte < 0x20 { throw Failure() }
            position += 1
            guard byte == UInt8(ascii: "\\") else { continue }
            isEscaped = true
            guard let letter = peek() else { throw Failure() }
            position += 1
            if letter == UInt8(ascii: "u") {
                for _ in 0..<4 {
                    guard let digit = peek(), Character(Unicode.Scalar(digit)).isHexDigit else { throw Failure() }
                    position += 1
                }
            } else if !"\"\\/bfnrt".utf8.contains(letter) {
                throw Failure()
            }
        }
        // The standard library is the judge of UTF-8.
        guard String(validating: bytes[start..<position], as: UTF8.self) != nil else { throw Failure() }
        position += 1
        return isEscaped
    }
}
