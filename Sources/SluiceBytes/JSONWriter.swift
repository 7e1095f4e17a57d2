// SPDX-License-Identifier: Apache-2.0

/// Writing JSON into an arena. Structure (commas, braces) is the caller's; what is here is the text of values.
extension ByteArena {
    /// Writes bytes as a JSON string with its quotes: escapes what must be escaped, and replaces what is not UTF-8
    /// with U+FFFD.
    ///
    /// - Returns: false if something had to be replaced.
    @discardableResult
    package func appendJSONString(_ text: ByteView) -> Bool {
        append(UInt8(ascii: "\""))
        let isValid = appendJSONStringContent(text, isTrusted: false)
        append(UInt8(ascii: "\""))
        return isValid
    }

    package func appendJSONString(_ text: String) {
        text.withByteView { _ = appendJSONString($0) }
    }

    /// Writes bytes as the inside of a JSON string, without quotes.
    ///
    /// - Parameter isTrusted: the text is known to be UTF-8, and is not checked again.
    /// - Returns: false if something had to be replaced.
    @discardableResult
    package func appendJSONStringContent(_ text: ByteView, isTrusted: Bool) -> Bool {
        // The worst case, six bytes for one, is reserved only for short texts; longer ones reserve as they go.
        var position = 0
        var isValid = true
        let count = text.count
        reserve(count + count / 4 + 16)
        while position < count {
            if position + 8 <= count {
                reserve(16)
                let word = text.word(at: position)
                let marks = isTrusted ? StringMarks.findEscapes(in: word) : StringMarks.find(in: word)
                if marks == 0 {
                    appendReserved(word: word, used: 8)
                    position += 8
                    continue
                }
                let plain = marks.trailingZeroBitCount >> 3
                appendReserved(word: word, used: plain)
                position += plain
            } else {
                reserve(16)
            }
            let byte = text[position]
            if byte >= 0x80, !isTrusted {
                let length = UTF8Sequence.length(in: text, at: position)
                if length == 0 {
                    append("\u{fffd}")
                    isValid = false
                    position += 1
                } else {
                    append(text[position..<(position + length)])
                    position += length
                }
            } else {
                appendEscaped(byte)
                position += 1
            }
        }
        return isValid
    }

    @inline(__always)
    private func appendEscaped(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5c: appendReserved(word: 0x5c | UInt64(byte) << 8, used: 2)
        case 0x20...: appendReserved(byte)
        case 0x0a: append("\\n")
        case 0x0d: append("\\r")
        case 0x09: append("\\t")
        case 0x08: append("\\b")
        case 0x0c: append("\\f")
        default:
            append("\\u00")
            append(Hexadecimal.digit(byte >> 4))
            append(Hexadecimal.digit(byte))
        }
    }

    /// Writes the text that a JSON string's inside (between its quotes) stands for. Unpaired surrogates become U+FFFD.
    package func appendUnescaped(_ content: ByteView) {
        var position = 0
        while position < content.count {
            guard let next = content[position..<content.count].firstIndex(of: 0x5c), position + next + 1 < content.count
            else {
                append(content[position..<content.count])
                return
            }
            append(content[position..<(position + next)])
            position += next + 2
            switch content[position - 1] {
            case UInt8(ascii: "n"): append(0x0a)
            case UInt8(ascii: "t"): append(0x09)
            case UInt8(ascii: "r"): append(0x0d)
            case UInt8(ascii: "b"): append(0x08)
            case UInt8(ascii: "f"): append(0x0c)
            case UInt8(ascii: "u"):
                var unit = Self.codeUnit(content, at: position)
                position = min(position + 4, content.count)
                if unit & 0xfc00 == 0xd800, position + 6 <= content.count, content[position] == 0x5c,
                    content[position + 1] == UInt8(ascii: "u")
                {
                    let low = Self.codeUnit(content, at: position + 2)
                    if low & 0xfc00 == 0xdc00 {
                        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
                        position += 6
                    }
                }
                append(scalar: Unicode.Scalar(unit) ?? "\u{fffd}")
            case let other: append(other)
            }
        }
    }

    private static func codeUnit(_ content: ByteView, at position: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in position..<(position + 4) {
            guard index < content.count, let digit = Hexadecimal.value(of: content[index]) else { return 0xfffd }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Writes one scalar as UTF-8.
    package func append(scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
    }
}
