// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Walks over a JSON text that a scanner has found to be valid, looking at each byte once.
///
/// What it is asked for and does not find (an object where there is an array) it answers with nil or false, and stays
/// where it is.
package struct JSONWalker {
    /// The inside of a string, between its quotes.
    package struct StringContent {
        package var range: Range<Int>
        package var isEscaped: Bool
    }

    package let text: ByteView
    private(set) var position: Int

    package init(_ text: ByteView, at position: Int = 0) {
        self.text = text
        self.position = position
    }

    /// The first byte of the next value or mark; 0 at the end.
    package mutating func peek() -> UInt8 {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            case let byte: return byte
            }
        }
        return 0
    }

    /// Steps into an object or array; false if there is none.
    package mutating func enter(_ opening: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(truncatingIfNeeded: opening.value) else { return false }
        position += 1
        return true
    }

    /// Goes to the next element of the array it is in; false, and out of the array, at its end.
    package mutating func nextElement() -> Bool {
        switch peek() {
        case UInt8(ascii: ","):
            position += 1
            _ = peek()
            return true
        case UInt8(ascii: "]"):
            position += 1
            return false
        case 0: return false
        default: return true
        }
    }

    /// Goes to the value of the next member of the object it is in; nil, and out of the object, at its end.
    package mutating func nextKey() -> StringContent? {
        if peek() == UInt8(ascii: ",") { position += 1 }
        guard peek() == UInt8(ascii: "\"") else {
            position += 1
            return nil
        }
        let key = string()
        if peek() == UInt8(ascii: ":") { position += 1 }
        return key
    }

    /// Reads a string; nil if the value is something else.
    package mutating func string() -> StringContent? {
        guard peek() == UInt8(ascii: "\"") else { return nil }
        position += 1
        let start = position
        var isEscaped = false
        while position < text.count {
            if position + 8 <= text.count {
                let marks = StringMarks.findEscapes(in: text.word(at: position))
                if marks == 0 {
                    position += 8
                    continue
                }
                position += marks.trailingZeroBitCount >> 3
            }
            switch text[position] {
            case UInt8(ascii: "\""):
                position += 1
                return StringContent(range: start..<(position - 1), isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                position = min(position + 2, text.count)
            default: position += 1
            }
        }
        return nil
    }

    /// Steps over a value of any kind, and returns where it stood.
    @discardableResult
    package mutating func skip() -> Range<Int> {
        var depth = 0
        _ = peek()
        let start = position
        repeat {
            switch peek() {
            case UInt8(ascii: "\""): _ = string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            case 0: return start..<position
            default:
                scalar: while position < text.count {
                    switch text[position] {
                    case 0x20, 0x0a, 0x0d, 0x09, 0x2c, 0x3a, 0x5d, 0x7d: break scalar
                    default: position += 1
                    }
                }
            }
        } while depth > 0
        return start..<position
    }
}

extension ByteArena {
    /// Appends the text that a string's content stands for, and returns where it stands now.
    @discardableResult
    package func append(_ content: JSONWalker.StringContent, of text: ByteView) -> Range<Int> {
        let start = count
        if content.isEscaped { appendUnescaped(text[content.range]) } else { append(text[content.range]) }
        return start..<count
    }
}
