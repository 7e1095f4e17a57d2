// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A text that is looked for in many others: its rarest byte is searched with `memchr`, and only where that stands is
/// the whole compared.
struct TextNeedle {
    private let bytes: [UInt8]
    /// Where in the text its rarest byte stands.
    private let offset: Int

    init(_ text: String) {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        offset = bytes.indices.max { Self.rarity(bytes[$0]) < Self.rarity(bytes[$1]) } ?? 0
    }

    func isIn(_ text: ByteView) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard text.count >= bytes.count else { return false }
        return bytes.withByteView { needle in
            let rare = needle[offset]
            // The places where the rare byte can stand.
            var from = offset
            let end = text.count - needle.count + offset + 1
            while from < end, let at = text[from..<end].firstIndex(of: rare) {
                let start = from + at - offset
                if text[start..<(start + needle.count)] == needle { return true }
                from += at + 1
            }
            return false
        }
    }

    /// How rare a byte is in log lines, by a rough guess: letters by their place in English, then digits, then the rest.
    private static func rarity(_ byte: UInt8) -> Int {
        let common = Array(" \"etaoinsrhldcumfpgwybv0123456789:,.-_/=".utf8)
        return common.firstIndex(of: byte) ?? common.count
    }
}
