// SPDX-License-Identifier: Apache-2.0

/// A JSON text as what it means: the order of members and the way strings are escaped do not matter, of equal members
/// the last counts, numbers are as they were written.
indirect enum JSONTree: Equatable {
    case word(String)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Nil if the text is not JSON, as far as this small reader looks.
    init?(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard let tree = reader.value(), reader.isAtEnd else { return nil }
        self = tree
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func skipSpace() {
            while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
        }

        mutating func take(_ byte: Character) -> Bool {
            skipSpace()
            guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
            position += 1
            skipSpace()
            return true
        }

        mutating func value() -> JSONTree? {
            skipSpace()
            defer { skipSpace() }
            if take("{") {
                var members: [String: JSONTree] = [:]
                if take("}") { return .object(members) }
                repeat {
                    guard let key = string(), take(":"), let value = value() else { return nil }
                    members[key] = value
                } while take(",")
                return take("}") ? .object(members) : nil
            }
            if take("[") {
                var elements: [JSONTree] = []
                if take("]") { return .array(elements) }
                repeat {
                    guard let value = value() else { return nil }
                    elements.append(value)
                } while take(",")
                return take("]") ? .array(elements) : nil
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return string().map { .string($0) } }
            let start = position
            while position < bytes.count, !",]} \t\r\n".utf8.contains(bytes[position]) { position += 1 }
            return start == position ? nil : .word(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        mutating func string() -> String? {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
            position += 1
            var units: [UInt16] = []
            var run: [UInt8] = []
            func flush() { units += Array(String(decoding: run, as: UTF8.self).utf16) }
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    flush()
                    return String(decoding: units, as: UTF16.self)
                }
                guard byte == UInt8(ascii: "\\"), position < bytes.count else {
                    run.append(byte)
                    continue
                }
                flush()
                run = []
                let letter = bytes[position]
                position += 1
                switch letter {
                case UInt8(ascii: "n"): units.append(10)
                case UInt8(ascii: "t"): units.append(9)
                case UInt8(ascii: "r"): units.append(13)
                case UInt8(ascii: "b"): units.append(8)
                case UInt8(ascii: "f"): units.append(12)
                case UInt8(ascii: "u"):
                    guard position + 4 <= bytes.count else { return nil }
                    let digits = String(decoding: bytes[position..<(position + 4)], as: UTF8.self)
                    guard let unit = UInt16(digits, radix: 16) else { return nil }
                    units.append(unit)
                    position += 4
                default: units.append(UInt16(letter))
                }
            }
            return nil
        }
    }
}
