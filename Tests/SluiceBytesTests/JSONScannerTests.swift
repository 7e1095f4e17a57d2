// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport
import Testing

@Suite struct JSONScannerTests {
    /// What the scanner finds, in the reference's words; the text lies at an odd place, and offsets are from `origin`.
    private func scan(_ bytes: [UInt8], origin: Int = 0) -> ReferenceJSON.Value? {
        let index = JSONIndex()
        return bytes.withByteView { text -> ReferenceJSON.Value? in
            guard (try? JSONScanner.scan(text, origin: origin, into: index)) != nil else { return nil }
            func moved(_ range: Range<Int>) -> Range<Int> {
                (range.lowerBound - origin)..<(range.upperBound - origin)
            }
            return ReferenceJSON.Value(
                kind: index.kind,
                range: moved(index.start..<index.end),
                children: (0..<index.children.count).map { number in
                    let child = index.children[number]
                    return ReferenceJSON.Child(
                        key: index.kind == .array ? child.key : moved(child.key),
                        value: moved(child.value),
                        kind: child.kind,
                        keyIsEscaped: child.keyIsEscaped
                    )
                }
            )
        }
    }

    @Test func agreesWithTheReferenceOnRandomTexts() {
        let seed: UInt64 = 20_260_301
        var generator = RandomJSON(random: SplitMix64(seed: seed))
        for round in 0..<4000 {
            let bytes = Array(generator.text().utf8)
            let expected = ReferenceJSON.parse(bytes)
            #expect(expected != nil, "the generator makes JSON (seed \(seed), round \(round))")
            #expect(scan(bytes, origin: round) == expected, "seed \(seed), round \(round): \(generator)")
        }
    }

    @Test func agreesWithTheReferenceOnDamagedTexts() {
        let seed: UInt64 = 7_654_321
        var generator = RandomJSON(random: SplitMix64(seed: seed))
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = Array(generator.text(depth: 3).utf8)
            for _ in 0...generator.random.below(3) where !bytes.isEmpty {
                let place = generator.random.below(bytes.count)
                switch generator.random.below(4) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(UInt8(generator.random.below(256)), at: place)
                case 2: bytes[place] = UInt8(generator.random.below(256))
                default: bytes.removeSubrange(place...)
                }
            }
            let expected = ReferenceJSON.parse(bytes)
            if expected != nil { accepted += 1 }
            #expect(scan(bytes) == expected, "seed \(seed), round \(round): \(bytes)")
        }
        #expect(accepted > 1000 && accepted < 19_000, "both outcomes occur (\(accepted))")
    }

    @Test func whatIsCutOutOfATextIsTheSameValueAlone() {
        var generator = RandomJSON(random: SplitMix64(seed: 99))
        for _ in 0..<1000 {
            let bytes = Array(generator.text().utf8)
            guard let whole = scan(bytes) else {
                Issue.record("not JSON: \(bytes)")
                continue
            }
            for child in whole.children {
                #expect(scan(Array(bytes[child.value]))?.kind == child.kind)
            }
        }
    }

    /// Every length around the eight and 32 bytes that are looked at together, with every kind of byte that matters at
    /// every place.
    @Test func stringsOfAllLengthsWithSomethingAtEachPlace() {
        for length in 0...70 {
            for place in 0..<max(length, 1) {
                for special: [UInt8] in [
                    [], [0x22], [0x5c], [0x1f], [0x00], [0x80], [0xff], [0x7f], [0x20], [0xc3, 0xa9],
                    [0xe2, 0x82, 0xac],
                    [0xf0, 0x9f, 0x98, 0x80], Array("\\n".utf8), Array("\\u0041".utf8),
                ] {
                    var text = [UInt8](repeating: 0x61, count: length)
                    text.replaceSubrange(min(place, length)..<min(place + special.count, length), with: special)
                    for bytes in [[0x22] + text + [0x22], [0x22] + text + [0x22, 0x20, 0x61], [0x22] + text] {
                        #expect(scan(bytes) == ReferenceJSON.parse(bytes), "\(bytes)")
                    }
                }
            }
        }
    }

    @Test func everyPairOfBytesInAString() {
        for first in 0..<256 {
            for second in 0..<256 {
                // Near the end, and where there are 32 bytes to be looked at together.
                for rest in [6, 40] {
                    let pair = [UInt8(first), UInt8(second)]
                    let bytes: [UInt8] = [0x22] + pair + [UInt8](repeating: 0x61, count: rest) + [0x22]
                    #expect(scan(bytes) == ReferenceJSON.parse(bytes), "\(bytes)")
                }
            }
        }
    }

    @Test func nestingEndsAtTheLimitAndNotBefore() {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let most = JSONScanner.maximumDepth
            let inner = open == "[" ? "" : "1"
            let deepest = String(repeating: open, count: most) + inner + String(repeating: close, count: most)
            #expect(scan(Array(deepest.utf8)) != nil)
            let deeper = String(repeating: open, count: most + 1) + inner + String(repeating: close, count: most + 1)
            #expect(scan(Array(deeper.utf8)) == nil)
            #expect(scan(Array(String(repeating: open, count: 1_000_000).utf8)) == nil)
        }
    }

    @Test func nestedBracketsMustMatch() {
        for text in ["[{]}", "{\"a\":[}", "[[1]", "{\"a\":{\"b\":1}", "[1}}", "{\"a\":1]"] {
            #expect(scan(Array(text.utf8)) == nil)
        }
    }

    @Test func lineFeedsBetweenTokensAreNoted() throws {
        let index = JSONIndex()
        for (text, expected) in [
            ("{\"a\":\n1}", true), ("{\"a\": 1}\n", true), ("{\"a\":\"\\n\"}", false), ("[1,\r 2]", false),
        ] {
            try Array(text.utf8).withByteView { text throws(JSONError) in try JSONScanner.scan(text, into: index) }
            #expect(index.hasLineFeed == expected, "\(text)")
        }
    }

    @Test(arguments: [
        ("", JSONError(.endOfText, at: 0)), ("{", JSONError(.endOfText, at: 1)),
        ("{\"a\"", JSONError(.endOfText, at: 4)),
        ("{\"a\":", JSONError(.endOfText, at: 5)), ("[1", JSONError(.endOfText, at: 2)),
        ("\"abc", JSONError(.endOfText, at: 4)),
        ("nul", JSONError(.endOfText, at: 3)), ("x", JSONError(.value, at: 0)), ("{a:1}", JSONError(.key, at: 1)),
        ("{\"a\" 1}", JSONError(.colon, at: 5)), ("[1 2]", JSONError(.comma, at: 3)), ("01", JSONError(.number, at: 0)),
        ("-", JSONError(.number, at: 0)), ("1.", JSONError(.number, at: 0)), ("\"\\x\"", JSONError(.escape, at: 1)),
        ("\"\t\"", JSONError(.controlCharacter, at: 1)), ("1 2", JSONError(.trailing, at: 2)),
        ("[1,]", JSONError(.value, at: 3)),
    ])
    func errorsSayWhatAndWhere(text: String, expected: JSONError) {
        let error = #expect(throws: JSONError.self) {
            try text.withByteView { text throws(JSONError) in try JSONScanner.validate(text) }
        }
        #expect(error == expected)
    }
}
