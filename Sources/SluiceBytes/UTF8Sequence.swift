// SPDX-License-Identifier: Apache-2.0

/// Well-formed UTF-8 byte sequences (Unicode standard, table 3-7).
package enum UTF8Sequence {
    /// How many bytes the well-formed sequence at `position` has, or 0 if there is none.
    package static func length(in text: ByteView, at position: Int) -> Int {
        let first = text[position]
        if first < 0x80 { return 1 }
        let left = text.count - position
        func isContinuation(_ offset: Int) -> Bool { text[position + offset] & 0xc0 == 0x80 }
        switch first {
        case 0xc2...0xdf:
            return left >= 2 && isContinuation(1) ? 2 : 0
        case 0xe0...0xef:
            guard left >= 3, isContinuation(1), isContinuation(2) else { return 0 }
            let second = text[position + 1]
            if first == 0xe0, second < 0xa0 { return 0 }
            if first == 0xed, second > 0x9f { return 0 }
            return 3
        case 0xf0...0xf4:
            guard left >= 4, isContinuation(1), isContinuation(2), isContinuation(3) else { return 0 }
            let second = text[position + 1]
            if first == 0xf0, second < 0x90 { return 0 }
            if first == 0xf4, second > 0x8f { return 0 }
            return 4
        default: return 0
        }
    }

    /// Whether the whole text is UTF-8.
    package static func isValid(_ text: ByteView) -> Bool {
        var position = 0
        while position < text.count {
            if position + 8 <= text.count, text.word(at: position) & 0x8080_8080_8080_8080 == 0 {
                position += 8
                continue
            }
            let length = length(in: text, at: position)
            if length == 0 { return false }
            position += length
        }
        return true
    }
}
