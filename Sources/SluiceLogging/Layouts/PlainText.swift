// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Text and values as people read them, on one line and without anything that drives a terminal.
enum PlainText {
    /// Text that is escaped only where it would break the line or drive the terminal.
    static func append(plain text: ByteView, to line: ByteArena) {
        let start = line.count
        _ = line.appendJSONStringContent(text, isTrusted: false)
        // Quotes and backslashes may stay as they are. Both are rare: undo them only if there are some.
        guard text.firstIndex(of: UInt8(ascii: "\"")) != nil || text.firstIndex(of: UInt8(ascii: "\\")) != nil else {
            return escapeDelete(from: start, in: line)
        }
        line.truncate(to: start)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                line.append(byte)
                position += 1
                continue
            }
            var end = position + 1
            while end < text.count, text[end] != UInt8(ascii: "\""), text[end] != UInt8(ascii: "\\") { end += 1 }
            _ = line.appendJSONStringContent(text[position..<end], isTrusted: false)
            position = end
        }
        escapeDelete(from: start, in: line)
    }

    /// DEL may stand in JSON, but does things on a terminal; so do the controls of Latin-1, U+0080 to U+009F.
    private static func escapeDelete(from start: Int, in line: ByteArena) {
        var index = start
        while index < line.count {
            let byte = line.view[index]
            if byte == 0x7f {
                line.replace(at: index, with: UInt8(ascii: "?"))
            } else if byte == 0xc2, index + 1 < line.count, line.view[index + 1] < 0xa0 {
                line.replace(at: index, with: UInt8(ascii: "?"))
                line.replace(at: index + 1, with: UInt8(ascii: "?"))
            }
            index += 1
        }
    }

    static func append(key: ByteView, to line: ByteArena) {
        if isPlain(key) {
            line.append(key)
        } else {
            line.append(UInt8(ascii: "\""))
            line.append(key)
            line.append(UInt8(ascii: "\""))
        }
    }

    /// A string loses its quotes where that leaves no doubt.
    static func append(value: ByteView, to line: ByteArena) {
        let start = line.count
        if value.count > 2, value[0] == UInt8(ascii: "\""), isPlain(value[1..<(value.count - 1)]) {
            line.append(value[1..<(value.count - 1)])
        } else {
            line.append(value)
        }
        escapeDelete(from: start, in: line)
    }

    private static func isPlain(_ text: ByteView) -> Bool {
        guard !text.isEmpty else { return false }
        for index in 0..<text.count {
            switch text[index] {
            case ...0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "="): return false
            default: break
            }
        }
        return true
    }
}
