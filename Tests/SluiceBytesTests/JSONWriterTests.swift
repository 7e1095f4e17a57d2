// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport
import Testing

@Suite struct JSONWriterTests {
    private func written(_ bytes: [UInt8]) -> (text: [UInt8], isValid: Bool) {
        let arena = ByteArena(capacity: 1)
        let isValid = bytes.withByteView { arena.appendJSONString($0) }
        return (arena.view.array, isValid)
    }

    private func unescaped(_ content: [UInt8]) -> [UInt8] {
        let arena = ByteArena(capacity: 1)
        content.withByteView { arena.appendUnescaped($0) }
        return arena.view.array
    }

    @Test func theShortEscapesAreUsed() {
        #expect(
            String(decoding: written(Array("\"\\\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}/é".utf8)).text, as: UTF8.self)
                == "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\u{7f}/é\""
        )
    }

    @Test func bothWaysForAllBytesAtAllPlaces() throws {
        for length in 0...40 {
            for byte: UInt8 in [0x00, 0x08, 0x09, 0x0a, 0x1f, 0x20, 0x21, 0x22, 0x5b, 0x5c, 0x5d, 0x7f] {
                for place in 0..<length {
                    var text = [UInt8](repeating: 0x7a, count: length)
                    text[place] = byte
                    text[length - 1 - place] = byte
                    let (json, isValid) = written(text)
                    #expect(isValid)
                    try json.withByteView { json throws(JSONError) in try JSONScanner.validate(json) }
                    #expect(unescaped(Array(json.dropFirst().dropLast())) == text)
                }
            }
        }
    }

    @Test func bothWaysForRandomBytes() throws {
        let seed: UInt64 = 77
        var random = SplitMix64(seed: seed)
        for round in 0..<5000 {
            let bytes = (0..<random.below(60)).map { _ in
                random.below(3) == 0 ? UInt8(random.below(256)) : UInt8(random.below(128))
            }
            let (json, isValid) = written(bytes)
            try json.withByteView { json throws(JSONError) in try JSONScanner.validate(json) }
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "seed \(seed), round \(round)")
            let back = unescaped(Array(json.dropFirst().dropLast()))
            if isValid {
                #expect(back == bytes)
            } else {
                // One replacement for each byte that is part of no character.
                #expect(back == replaced(bytes), "seed \(seed), round \(round): \(bytes)")
            }
        }
    }

    private func replaced(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let length = (1...4).first { length in
                position + length <= bytes.count
                    && String(validating: bytes[position..<(position + length)], as: UTF8.self) != nil
            }
            result += length.map { Array(bytes[position..<(position + $0)]) } ?? [0xef, 0xbf, 0xbd]
            position += length ?? 1
        }
        return result
    }

    @Test(arguments: [
        (#"\u0041"#, "A"), (#"\u00e9\u20AC"#, "é€"), (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{fffd}"),
        (#"\ude00"#, "\u{fffd}"), (#"\ud83dx"#, "\u{fffd}x"), (#"\ud83d\u0041"#, "\u{fffd}A"),
        (#"\ud83d\ud83d\ude00"#, "\u{fffd}😀"), (#"a\/b"#, "a/b"), (#"\\n"#, #"\n"#), (#"\u0000"#, "\0"), ("", ""),
        // No scanner lets these through; they must not trap.
        (#"\"#, #"\"#), (#"a\u"#, "a\u{fffd}"), (#"\u12"#, "\u{fffd}"), (#"\uzzzz"#, "\u{fffd}"),
        (#"\ud83d\u"#, "\u{fffd}\u{fffd}"),
    ])
    func escapes(content: String, text: String) {
        #expect(String(decoding: unescaped(Array(content.utf8)), as: UTF8.self) == text)
    }

    @Test func trustedTextIsNotCheckedButEscaped() {
        let arena = ByteArena(capacity: 1)
        let text: [UInt8] = Array("aé\"€\n😀xxxxxxxxé\\".utf8) + [0xff]
        text.withByteView { _ = arena.appendJSONStringContent($0, isTrusted: true) }
        #expect(arena.view.array == Array("aé\\\"€\\n😀xxxxxxxxé\\\\".utf8) + [0xff])
    }

    @Test func marksAreExactUpToTheFirst() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<50_000 {
            var word: UInt64 = 0
            for _ in 0..<8 {
                let byte =
                    random.below(3) == 0
                    ? random.pick([0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x80, 0]) : random.below(256)
                word = word << 8 | UInt64(byte)
            }
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            func isSpecial(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5c }
            let first = bytes.firstIndex { isSpecial($0) || $0 >= 0x80 } ?? 8
            let firstEscape = bytes.firstIndex(where: isSpecial) ?? 8
            #expect(StringMarks.find(in: word).trailingZeroBitCount / 8 == first)
            #expect(StringMarks.findEscapes(in: word).trailingZeroBitCount / 8 == firstEscape)
        }
    }

    @Test func utf8IsWhatTheStandardLibrarySaysItIs() {
        var random = SplitMix64(seed: 2)
        let leads: [UInt8] = [
            0x41, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff, 0x80,
        ]
        let tails: [UInt8] = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0x41]
        for _ in 0..<50_000 {
            let bytes =
                [random.pick(leads)]
                + (0..<random.below(12)).map { _ in random.below(3) == 0 ? random.pick(leads) : random.pick(tails) }
            let isValid = bytes.withByteView { UTF8Sequence.isValid($0) }
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }
}
