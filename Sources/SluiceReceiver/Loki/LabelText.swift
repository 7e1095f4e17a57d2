// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads the labels of a stream as a push in Protocol Buffers has them: `{job="web", level="info"}`.
///
/// Values are in double quotes, with the escapes of Go: `\\`, `\"`, `\a`, `\b`, `\f`, `\n`, `\r`, `\t`, `\v`, `\xHH`,
/// `\NNN`, `\uHHHH` and `\UHHHHHHHH`. Source: the lexer of Prometheus' labels, which Loki uses, and Go's `strconv.Unquote`.
enum LabelText {
    /// Writes them as a JSON object of strings.
    ///
    /// - Returns: false if the text is something else.
    static func json(_ text: ByteView, to json: ByteArena) -> Bool {
        let value = ByteArena(capacity: 128)
        var position = 0
        func skipSpace() {
            while position < text.count, text[position] == 0x20 || (0x09...0x0d).contains(text[position]) {
                position += 1
            }
        }
        func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard position < text.count, text[position] == byte else { return false }
            position += 1
            return true
        }
        json.append(UInt8(ascii: "{"))
        guard take(UInt8(ascii: "{")) else { return false }
        var isFirst = true
        while !take(UInt8(ascii: "}")) {
            if !isFirst {
                guard take(UInt8(ascii: ",")) else { return false }
                // One comma may stand at the end.
                if take(UInt8(ascii: "}")) { break }
                json.append(UInt8(ascii: ","))
            }
            isFirst = false
            skipSpace()
            let start = position
            while position < text.count, isNameByte(text[position]) { position += 1 }
            guard position > start else { return false }
            json.appendJSONString(text[start..<position])
            guard take(UInt8(ascii: "=")), take(UInt8(ascii: "\"")) else { return false }
            value.removeAll()
            guard let end = unquote(text, from: position, to: value) else { return false }
            position = end
            json.append(UInt8(ascii: ":"))
            json.appendJSONString(value.view)
        }
        json.append(UInt8(ascii: "}"))
        skipSpace()
        return position == text.count
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
    }

    /// Writes the text between quotes, and returns the place after the closing one.
    private static func unquote(_ text: ByteView, from start: Int, to value: ByteArena) -> Int? {
        var position = start
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return position
            case UInt8(ascii: "\n"): return nil
            case UInt8(ascii: "\\"):
                guard position < text.count else { return nil }
                let escape = text[position]
                position += 1
                switch escape {
                case UInt8(ascii: "a"): value.append(0x07)
                case UInt8(ascii: "b"): value.append(0x08)
                case UInt8(ascii: "f"): value.append(0x0c)
                case UInt8(ascii: "n"): value.append(0x0a)
                case UInt8(ascii: "r"): value.append(0x0d)
                case UInt8(ascii: "t"): value.append(0x09)
                case UInt8(ascii: "v"): value.append(0x0b)
                case UInt8(ascii: "\\"), UInt8(ascii: "\""): value.append(escape)
                case UInt8(ascii: "x"):
                    guard let code = number(text, &position, digits: 2, base: 16) else { return nil }
                    value.append(UInt8(truncatingIfNeeded: code))
                case UInt8(ascii: "u"), UInt8(ascii: "U"):
                    let digits = escape == UInt8(ascii: "u") ? 4 : 8
                    guard let code = number(text, &position, digits: digits, base: 16),
                        let scalar = Unicode.Scalar(code)
                    else { return nil }
                    value.append(scalar: scalar)
                case 0x30...0x37:
                    position -= 1
                    guard let code = number(text, &position, digits: 3, base: 8), code < 256 else { return nil }
                    value.append(UInt8(truncatingIfNeeded: code))
                default: return nil
                }
            default: value.append(byte)
            }
        }
        return nil
    }

    private static func number(_ text: ByteView, _ position: inout Int, digits: Int, base: UInt32) -> UInt32? {
        guard digits <= text.count - position else { return nil }
        var code: UInt32 = 0
        for _ in 0..<digits {
            let byte = text[position]
            let digit: UInt32
            switch byte {
            case 0x30...0x39: digit = UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: digit = UInt32(byte | 0x20) - 0x57
            default: return nil
            }
            guard digit < base else { return nil }
            code = code << (base == 16 ? 4 : 3) | digit
            position += 1
        }
        return code
    }
}
