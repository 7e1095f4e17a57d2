// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Testing

@Suite struct TextContentTests {
    private func content(_ bytes: [UInt8]) -> TextContent { bytes.withByteView { $0.textContent } }

    @Test func everyByteAtEveryPlace() {
        for count in [0, 1, 15, 16, 63, 64, 65, 140] {
            var bytes = [UInt8](repeating: 0x61, count: count) + [0x0a]
            #expect(content(bytes) == .text)
            for place in 0..<count {
                for byte in [0x00, 0x01, 0x7f, 0x80, 0xc3, 0xff] as [UInt8] {
                    bytes[place] = byte
                    let expected: TextContent = byte == 0 ? .nul : byte < 0x80 ? .text : .invalid
                    #expect(content(bytes) == expected, "\(byte) at \(place)")
                }
                bytes[place] = 0x61
            }
        }
    }

    @Test func charactersAtEveryPlace() {
        for character in ["é", "二", "😀"] {
            for place in 0..<140 {
                let before = [UInt8](repeating: 0x61, count: place)
                let bytes = before + Array(character.utf8)
                #expect(content(bytes + [0x61, 0x0a]) == .text)
                for cut in 1..<character.utf8.count {
                    #expect(content(Array(bytes.dropLast(cut))) == .text, "the rest may come")
                    #expect(content(bytes.dropLast(cut) + [0x0a]) == .invalid)
                    #expect(content(bytes.dropLast(cut) + [0x0a, 0x00]) == .nul)
                }
            }
        }
    }

    @Test func trailingNULs() {
        for text in [[], [0x61], [0x00, 0x61], [0x61, 0x00, 0x62]] as [[UInt8]] {
            for nuls in [0, 1, 7, 8, 9, 100] {
                let bytes = text + [UInt8](repeating: 0, count: nuls)
                #expect(bytes.withByteView { $0.countWithoutTrailingNULs } == text.count)
            }
        }
    }
}
