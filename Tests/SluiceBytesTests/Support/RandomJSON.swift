// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// JSON texts of all kinds, from a seed.
struct RandomJSON {
    var random: SplitMix64

    mutating func text(depth: Int = 4) -> String {
        space() + value(depth: depth) + space()
    }

    private mutating func value(depth: Int) -> String {
        switch random.below(depth > 0 ? 12 : 8) {
        case 0: return random.pick(["true", "false", "null"])
        case 1...3: return number()
        case 4...7: return string()
        case 8, 9:
            let elements = (0..<random.below(5)).map { _ in space() + value(depth: depth - 1) + space() }
            return "[" + (elements.isEmpty ? space() : elements.joined(separator: ",")) + "]"
        default:
            let members = (0..<random.below(6)).map { _ in
                space() + string() + space() + ":" + space() + value(depth: depth - 1) + space()
            }
            return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
        }
    }

    mutating func number() -> String {
        var text = random.below(3) == 0 ? "-" : ""
        text += random.below(4) == 0 ? "0" : String(1 + random.below(9)) + digits(random.below(20))
        if random.below(3) == 0 { text += "." + digits(1 + random.below(20)) }
        if random.below(4) == 0 {
            text += random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + digits(1 + random.below(3))
        }
        return text
    }

    private mutating func digits(_ count: Int) -> String {
        String((0..<count).map { _ in Character(Unicode.Scalar(UInt8(0x30 + random.below(10)))) })
    }

    mutating func string() -> String {
        var text = "\""
        for _ in 0..<random.below(30) {
            switch random.below(12) {
            case 0: text += random.pick(["\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r"])
            case 1: text += random.pick(["\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\uD800", "\\u0000", "\\uFFFF"])
            case 2:
                text += random.pick(["é", "€", "😀", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{ffff}", "\u{10ffff}"])
            default: text += random.pick(["a", "b", ".", " ", "{", "}", ":", ",", "0", "~"])
            }
        }
        return text + "\""
    }

    private mutating func space() -> String {
        random.below(4) == 0 ? random.pick([" ", "\n", "\t", "\r", "  "]) : ""
    }
}
