// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Cuts text into the words that a search looks for, as Elasticsearch's standard analyzer does for nearly all text:
/// runs of letters, digits and underscores in lower case, joined over a point or apostrophe between two letters and
/// over a point or comma between two digits. Letters beyond ASCII are not told from other such characters.
package struct TextAnalyzer {
    private let lower = ByteArena(capacity: 1024)

    /// Calls `body` for each word, until it returns false.
    package func forEachWord(of text: ByteView, _ body: (ByteView) -> Bool) {
        lower.removeAll()
        lower.append(text)
        var isASCII = true
        for index in 0..<lower.count {
            let byte = lower.view[index]
            if (0x41...0x5a).contains(byte) { lower.replace(at: index, with: byte | 0x20) }
            if byte >= 0x80 { isASCII = false }
        }
        if !isASCII {
            let text = lower.string.lowercased()
            lower.removeAll()
            lower.append(text)
        }
        let view = lower.view
        var position = 0
        while position < view.count {
            guard Self.isWord(view[position]) else {
                position += 1
                continue
            }
            let start = position
            while position < view.count, Self.isWord(view[position]) || Self.isJoint(view, at: position) {
                position += 1
            }
            if !body(view[start..<position]) { return }
        }
    }

    package func words(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        text.withByteView { view in
            forEachWord(of: view) { word in
                words.append(word.array)
                return true
            }
        }
        return words
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) || byte >= 0x80 }
    private static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "_") }

    private static func isJoint(_ text: ByteView, at position: Int) -> Bool {
        guard position > 0, position + 1 < text.count else { return false }
        let (before, after) = (text[position - 1], text[position + 1])
        switch text[position] {
        case UInt8(ascii: "."), UInt8(ascii: "'"):
            return isLetter(before) && isLetter(after) || isDigit(before) && isDigit(after)
        case UInt8(ascii: ","): return isDigit(before) && isDigit(after)
        default: return false
        }
    }
}
