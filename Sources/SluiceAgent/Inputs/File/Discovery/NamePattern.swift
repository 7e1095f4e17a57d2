// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A pattern for one name in a directory: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what stands for itself.
///
/// As in a shell, a dot at the beginning is only matched by a dot.
package struct NamePattern: Equatable, Sendable {
    package enum Token: Equatable, Sendable {
        case byte(UInt8)
        /// One character, whatever it is.
        case any
        /// As many as there are.
        case anything
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    let tokens: [Token]
    /// The name, if the pattern stands for one name only.
    let literal: String?

    /// - Throws: what is wrong, if a class or an escape has no end.
    package init(_ text: Substring) throws(PathPatternError) {
        var tokens: [Token] = []
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "*": if tokens.last != .anything { tokens.append(.anything) }
            case "?": tokens.append(.any)
            case "[": tokens.append(try Self.set(&scalars))
            case "\\":
                guard let escaped = scalars.popFirst() else {
                    throw PathPatternError("ends with '\\', which stands before a character")
                }
                tokens += String(escaped).utf8.map(Token.byte)
            default: tokens += String(scalar).utf8.map(Token.byte)
            }
        }
        self.tokens = tokens
        var bytes: [UInt8]? = []
        for token in tokens {
            if case .byte(let byte) = token { bytes?.append(byte) } else { bytes = nil }
        }
        literal = bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func set(_ scalars: inout Substring.UnicodeScalarView) throws(PathPatternError) -> Token {
        var isNegated = false
        if scalars.first == "!" || scalars.first == "^" {
            isNegated = true
            scalars.removeFirst()
        }
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while var scalar = scalars.popFirst() {
            // A bracket that comes first stands for itself.
            if scalar == "]", !isFirst { return .set(ranges, isNegated: isNegated) }
            isFirst = false
            if scalar == "\\", let escaped = scalars.popFirst() { scalar = escaped }
            var last = scalar
            if scalars.first == "-", let next = scalars.dropFirst().first, next != "]" {
                scalars.removeFirst(2)
                last = next
                if next == "\\", let escaped = scalars.popFirst() { last = escaped }
            }
            guard scalar.value <= last.value else {
                throw PathPatternError("has the range '\(scalar)-\(last)', whose end comes before its beginning")
            }
            ranges.append(scalar.value...last.value)
        }
        throw PathPatternError("has a '[' without ']'")
    }

    /// Whether a name matches.
    package func matches(_ name: String) -> Bool {
        name.withBytes { matches($0) }
    }

    private func matches(_ name: ByteView) -> Bool {
        if name.count > 0, name[0] == UInt8(ascii: "."), tokens.first != .byte(UInt8(ascii: ".")) { return false }
        var token = 0
        var position = 0
        // Where to go on if the last `*` has to take one character more.
        var retry: (token: Int, position: Int)?
        while position < name.count || token < tokens.count {
            if token < tokens.count {
                if tokens[token] == .anything {
                    retry = (token, position)
                    token += 1
                    continue
                }
                if let length = length(of: tokens[token], name, at: position) {
                    token += 1
                    position += length
                    continue
                }
            }
            guard let last = retry, last.position < name.count else { return false }
            let next = last.position + Self.scalar(name, at: last.position).length
            retry = (last.token, next)
            token = last.token + 1
            position = next
        }
        return true
    }

    /// How many bytes a token takes, or nil if it does not match.
    private func length(of token: Token, _ name: ByteView, at position: Int) -> Int? {
        guard position < name.count else { return nil }
        switch token {
        case .byte(let byte): return name[position] == byte ? 1 : nil
        case .anything: return 0
        case .any: return Self.scalar(name, at: position).length
        case .set(let ranges, let isNegated):
            let (scalar, length) = Self.scalar(name, at: position)
            return ranges.contains { $0.contains(scalar) } != isNegated ? length : nil
        }
    }

    /// The character at a place, a byte that is not UTF-8 as itself.
    private static func scalar(_ name: ByteView, at position: Int) -> (value: UInt32, length: Int) {
        let first = name[position]
        let length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard length > 1, position + length <= name.count else { return (UInt32(first), 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for index in 1..<length { value = value << 6 | UInt32(name[position + index]) & 0x3f }
        return (value, length)
    }
}
