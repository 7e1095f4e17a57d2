// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct LineFramerTests {
    private func options(
        _ encoding: String = "utf-8",
        _ terminator: LineTerminator = .automatic,
        maximumBytes: Int = 1 << 20,
        keepsEmptyLines: Bool = false
    ) throws -> LineOptions {
        var options = LineOptions(maximumBytes: maximumBytes)
        options.encoding = try #require(TextEncoding.named(encoding))
        options.terminator = terminator
        options.keepsEmptyLines = keepsEmptyLines
        return options
    }

    private func texts(_ bytes: [UInt8], _ options: LineOptions) throws -> [String] {
        try LineText.lines(of: bytes, LineFramer(options)).map(\.text)
    }

    // MARK: Line ends

    @Test(arguments: [
        (LineTerminator.automatic, "a\nb\r\nc\rd\n", ["a", "b", "c\rd"]),
        (.lineFeed, "a\nb\r\nc", ["a", "b\r"]),
        (.verticalTab, "a\u{b}b\nc\u{b}", ["a", "b\nc"]),
        (.formFeed, "a\u{c}b\u{c}", ["a", "b"]),
        (.carriageReturn, "a\rb\nc\r", ["a", "b\nc"]),
        (.carriageReturnLineFeed, "a\nb\r\nc\rd\r\r\n", ["a\nb", "c\rd\r"]),
        (.nextLine, "a\u{85}é\nb\u{85}", ["a", "é\nb"]),
        (.lineSeparator, "a\u{2028}€\u{2029}\u{2028}", ["a", "€\u{2029}"]),
        (.paragraphSeparator, "a\u{2029}b\u{2028}c\u{2029}", ["a", "b\u{2028}c"]),
        (.null, "a\u{0}b\n\u{0}\u{0}c", ["a", "b\n"]),
    ])
    func everyLineTerminator(_ terminator: LineTerminator, _ text: String, _ expected: [String]) throws {
        #expect(try texts(Array(text.utf8), options("utf-8", terminator)) == expected)
        let units = text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        #expect(try texts(units, options("utf-16le", terminator)) == expected)
        #expect(try texts(units.indices.map { units[$0 ^ 1] }, options("utf-16be", terminator)) == expected)
    }

    @Test func lineEndsAreInTheEncodingsOwnBytes() throws {
        // CP037 has its line feed at 0x25, and its next line at 0x15.
        #expect(try texts([0xc1, 0x25, 0xc2, 0x0d, 0x25], options("ebcdic-037")) == ["A", "B"])
        #expect(try texts([0xc1, 0x15, 0xc2, 0x15], options("ebcdic-037", .nextLine)) == ["A", "B"])
        #expect(try texts([0x41, 0x85, 0x42], options("iso8859-1", .nextLine)) == ["A"])
        #expect(LineTerminator.bytes("\u{2028}", in: try #require(.named("iso8859-1")), isBigEndian: false) == nil)
        // U+0A0A and U+0D0A are no line ends.
        #expect(try texts([0x0a, 0x0a, 0x0d, 0x0a, 0x00, 0x0a], options("utf-16be")) == ["\u{a0a}\u{d0a}"])
        #expect(try texts([0x0a, 0x0a, 0x0a, 0x0d, 0x0a, 0x00], options("utf-16le")) == ["\u{a0a}\u{d0a}"])
        // Nor is a line feed that lies across two characters.
        #expect(try texts([0x41, 0x0a, 0x00, 0x42, 0x0a, 0x00], options("utf-16le")) == ["\u{a41}\u{4200}"])
    }

    @Test func emptyLinesAreKeptWhereTheyCount() throws {
        let bytes = Array("\n\r\na\n\n".utf8)
        #expect(try LineText.lines(of: bytes, LineFramer(options())) == [LineText("a", 3, 5)])
        let all = try LineText.lines(of: bytes, LineFramer(options(keepsEmptyLines: true)))
        #expect(all == [LineText("", 0, 1), LineText("", 1, 3), LineText("a", 3, 5), LineText("", 5, 6)])
    }

    // MARK: Encodings

    @Test(
        arguments: [
            ("plain", [0x61, 0xc3, 0xa9, 0x0a], "aé"), ("utf-8", [0xe2, 0x82, 0xac, 0x0a], "€"),
            ("iso8859-1", [0xe9, 0xa4, 0x0a], "é¤"), ("latin1", [0xe9, 0x80, 0x81, 0x0a], "é€\u{81}"),
            ("iso8859-15", [0xa4, 0x0a], "€"), ("ISO-8859-2", [0xb1, 0x0a], "ą"),
            ("windows-1251", [0xcf, 0xf0, 0x0a], "Пр"),
            ("windows1253", [0xe1, 0x0a], "α"), ("koi8r", [0xf0, 0xd2, 0x0a], "Пр"), ("koi8-u", [0xa4, 0x0a], "є"),
            ("cp437", [0x81, 0x0a], "ü"), ("cp850", [0x81, 0x0a], "ü"), ("cp858", [0xd5, 0x0a], "€"),
            ("cp866", [0x8f, 0x0a], "П"),
            ("macintosh", [0x8e, 0x0a], "é"), ("macintosh-cyrillic", [0x8f, 0x0a], "П"),
            ("windows874", [0xa1, 0x0a], "ก"),
            ("gbk", [0xc4, 0xe3, 0x0a], "你"), ("gb18030", [0x94, 0x39, 0xda, 0x33, 0x0a], "💩"),
            ("big5", [0xa7, 0x41, 0x0a], "你"),
            ("shift_jis", [0x82, 0xa0, 0x0a], "あ"), ("euc-jp", [0xa4, 0xa2, 0x0a], "あ"),
            ("euc-kr", [0xb0, 0xa1, 0x0a], "가"),
            ("iso-2022-jp", [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x0a], "あ"),
            ("ebcdic-1047", [0xad, 0x25], "["), ("ebcdic-1040", [0x9f, 0x25], "€"),
            ("utf-16le", [0x3d, 0xd8, 0xa9, 0xdc, 0x0a, 0x00], "💩"),
            ("utf-16be", [0xd8, 0x3d, 0xdc, 0xa9, 0x00, 0x0a], "💩"),
        ] as [(String, [UInt8], String)]
    )
    func everyKindOfEncoding(_ encoding: String, _ bytes: [UInt8], _ text: String) throws {
        let lines = try LineText.lines(of: bytes, LineFramer(options(encoding)))
        #expect(lines == [LineText(text, 0, Int64(bytes.count))])
    }

    @Test func thisSystemKnowsEveryEncodingOfTheTable() throws {
        #expect(TextEncoding.names.count > 250)
        for name in TextEncoding.names {
            let encoding = try #require(TextEncoding.named(name))
            let decoder = try TextDecoder(encoding)
            let bytes = try #require(LineTerminator.bytes("A\n", in: encoding, isBigEndian: false))
            let arena = ByteArena()
            #expect(!bytes.withByteView { decoder.append($0, to: arena) }, "\(name)")
            #expect(arena.string == "A\n" || encoding.unit == 2, "\(name)")
        }
        #expect(TextEncoding.named("utf-7") == nil)
    }

    @Test(
        arguments: [
            ("utf-8", [0x61, 0xff, 0xc3, 0x62, 0x0a], "a\u{fffd}\u{fffd}b"),
            ("utf-8", [0xed, 0xa0, 0x80, 0x0a], "\u{fffd}\u{fffd}\u{fffd}"),
            ("utf-16le", [0x3d, 0xd8, 0x61, 0x00, 0xa9, 0xdc, 0x0a, 0x00], "\u{fffd}a\u{fffd}"),
            ("gbk", [0x61, 0xff, 0x62, 0x0a], "a\u{fffd}b"), ("gbk", [0x61, 0xc4, 0x0a], "a\u{fffd}"),
            ("iso8859-6i", [0x61, 0xff, 0x0a], "a\u{fffd}"), ("windows-1253", [0xaa, 0x62, 0x0a], "\u{fffd}b"),
        ] as [(String, [UInt8], String)]
    )
    func whatIsNoTextIsReplacedAndSaid(_ encoding: String, _ bytes: [UInt8], _ text: String) throws {
        let framer = LineFramer(try options(encoding))
        #expect(try LineText.lines(of: bytes, framer) == [LineText(text, 0, Int64(bytes.count), .invalidText)])
    }

    // MARK: Byte-order marks

    @Test(
        arguments: [
            ("utf-8", [0xef, 0xbb, 0xbf, 0x61, 0x0a]), ("plain", [0xef, 0xbb, 0xbf, 0x61, 0x0a]),
            ("utf-16-bom", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00]), ("utf-16-bom", [0xfe, 0xff, 0x00, 0x61, 0x00, 0x0a]),
            ("utf-16le-bom", [0xfe, 0xff, 0x00, 0x61, 0x00, 0x0a]), ("utf-16le-bom", [0x61, 0x00, 0x0a, 0x00]),
            ("utf-16be-bom", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00]), ("utf-16be-bom", [0x00, 0x61, 0x00, 0x0a]),
            ("utf-16-bom", [0x00, 0x61, 0x00, 0x0a]), ("utf-16le", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00]),
        ] as [(String, [UInt8])]
    )
    func aMarkSaysTheOrderAndIsNoText(_ encoding: String, _ bytes: [UInt8]) throws {
        let options = try options(encoding)
        #expect(try LineText.lines(of: bytes, LineFramer(options)) == [LineText("a", 0, Int64(bytes.count))])
        // The rest of the file is read as its head says.
        let more = bytes + bytes.suffix(bytes[0] == 0xef ? 2 : 4)
        let framer = Array(bytes.prefix(2)).withByteView {
            LineFramer(options, offset: Int64(bytes.count), head: $0)
        }
        #expect(try LineText.lines(of: more, framer).map(\.text) == ["a"])
    }

    @Test func aMarkElsewhereIsText() throws {
        #expect(try texts(Array("\u{feff}a\n\u{feff}b\n".utf8), options()) == ["a", "\u{feff}b"])
        #expect(try texts([0xef, 0xbb, 0xbf, 0x0a], options()) == [])
    }

    // MARK: Limits

    @Test func aLongLineIsCutBetweenCharactersAndTheRestIsForgotten() throws {
        let long = String(repeating: "ä", count: 200_000)
        let bytes = Array("short\n\(long)\nnext\n".utf8)
        for pieces in [1 << 18, 1000, 7] {
            let framer = LineFramer(try options(maximumBytes: 1001))
            let lines = try LineText.lines(of: bytes, framer, pieces: { pieces })
            #expect(
                lines == [
                    LineText("short", 0, 6), LineText(String(repeating: "ä", count: 500), 6, 400_007, .truncated),
                    LineText("next", 400_007, 400_012),
                ]
            )
        }
        // What is as long as allowed is not cut, line end or not.
        for end in ["\n", "\r\n"] {
            for length in [7, 8, 9] {
                let bytes = Array((String(repeating: "x", count: length) + end).utf8)
                let framer = LineFramer(try options(maximumBytes: 8))
                let lines = try LineText.lines(of: bytes, framer, pieces: { 3 })
                let text = String(repeating: "x", count: min(length, 8))
                #expect(lines == [LineText(text, 0, Int64(bytes.count), length > 8 ? .truncated : [])])
            }
        }
        let wide: [UInt8] = String(repeating: "aé", count: 10).utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let cut = try LineText.lines(of: wide + [0x0a, 0x00], LineFramer(options("utf-16le", maximumBytes: 8)))
        #expect(cut == [LineText("aéaéa", 0, 42, .truncated)])
    }

    // MARK: NULs

    @Test func nulsOfSparseFilesAreLeftOut() throws {
        let hole = [UInt8](repeating: 0, count: 5000)
        let bytes = hole + Array("a\nb".utf8) + hole + Array("c\n".utf8) + hole + Array("d\n".utf8)
        for pieces in [1 << 18, 4096, 1] {
            let lines = try LineText.lines(of: bytes, LineFramer(options()), pieces: { pieces })
            #expect(lines == [LineText("a", 5000, 5002), LineText("bc", 5002, 10005), LineText("d", 15005, 15007)])
        }
    }

    @Test func nulsAtTheEndAreReadAgain() throws {
        // A file that was made long beforehand, and is written into.
        let framer = LineFramer(try options())
        var file = Array("one\ntw".utf8) + [UInt8](repeating: 0, count: 1000)
        #expect(try LineText.lines(of: file, framer, pieces: { 100 }) == [LineText("one", 0, 4)])
        #expect(framer.nextOffset == 1006 && framer.firstUnfinished == 4 && framer.hasUnfinishedLine)
        framer.lookAgain()
        #expect(framer.nextOffset == 6 && framer.firstUnfinished == 4)
        file.replaceSubrange(6..<14, with: Array("o\nthree\n".utf8))
        #expect(try LineText.lines(of: file, framer) == [LineText("two", 4, 8), LineText("three", 8, 14)])
        #expect(framer.firstUnfinished == 14 && !framer.hasUnfinishedLine)
        framer.lookAgain()
        #expect(framer.nextOffset == 14)
        framer.lookAgain()
        #expect(try LineText.lines(of: file, framer) == [])
        #expect(framer.firstUnfinished == 14)
    }

    @Test func nulsOfSixteenBitsAreLeftOut() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 0x61, 0, 0, 0, 0x00, 0x61, 0x0a, 0]
        #expect(try LineText.lines(of: bytes, LineFramer(options("utf-16le"))) == [LineText("a\u{6100}", 4, 12)])
    }

    // MARK: However it is cut

    /// What the lines have to be, found out in another way: all of the text at once.
    private func expected(_ lines: [(bytes: [UInt8], text: String)], limit: Int) -> [LineText] {
        var offset: Int64 = 0
        var expected: [LineText] = []
        for (bytes, text) in lines {
            let end = offset + Int64(bytes.count)
            if !text.isEmpty {
                var shown = ""
                for scalar in text.unicodeScalars {
                    if shown.utf8.count + String(scalar).utf8.count > limit { break }
                    shown.unicodeScalars.append(scalar)
                }
                expected.append(LineText(shown, offset, end, shown.utf8.count < text.utf8.count ? .truncated : []))
            }
            offset = end
        }
        return expected
    }

    @Test func howTheBytesAreCutChangesNothing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let alphabet: [Unicode.Scalar] = [
            "a", "b", "é", "€", "💩", "\r", "\n", "\u{a0a}", "\u{d00}", "\u{4e0a}", "\u{85}", "ｙ",
        ]
        for round in 0..<400 {
            let terminator = random.pick(LineTerminator.allCases)
            let encoding = random.pick(["utf-8", "utf-16le", "utf-16be", "gb18030"])
            let limit = random.pick([5, 16, 1 << 20])
            let options = try options(encoding, terminator, maximumBytes: limit)
            var lines: [(bytes: [UInt8], text: String)] = []
            for _ in 0..<random.below(12) {
                var text = ""
                for _ in 0..<random.below(random.pick([3, 30])) { text.unicodeScalars.append(random.pick(alphabet)) }
                let ends = terminator.text.unicodeScalars
                // Not what ends a line, and nothing that would join to such.
                text.unicodeScalars.removeAll { ends.contains($0) || $0 == "\r" && terminator == .automatic }
                let end = terminator == .automatic && random.below(2) == 0 ? "\r\n" : terminator.text
                let bytes = try #require(
                    LineTerminator.bytes(text + end, in: options.encoding, isBigEndian: encoding == "utf-16be")
                )
                lines.append((bytes, text))
            }
            let bytes = lines.flatMap(\.bytes)
            let expected = expected(lines, limit: limit)
            let most = random.pick([1, 2, 3, 10, 100])
            let found = try LineText.lines(of: bytes, LineFramer(options), pieces: { random.below(most) + 1 })
            #expect(found == expected, "seed \(seed), round \(round), \(encoding), \(terminator), \(limit)")
            // From the beginning of any line on it is the same.
            guard let from = expected.randomElement(using: &random)?.start, from > 0 else { continue }
            let framer = Array(bytes.prefix(2)).withByteView { LineFramer(options, offset: from, head: $0) }
            #expect(
                try LineText.lines(of: bytes, framer) == expected.filter { $0.start >= from },
                "seed \(seed), round \(round)"
            )
        }
    }

    @Test func anyBytesWhateverGiveTheSameLinesHoweverTheyAreCut() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for round in 0..<400 {
            let name = random.pick([
                "utf-8", "utf-16-bom", "gbk", "shift_jis", "windows-1252", "iso-2022-jp", "ebcdic-037",
            ])
            let options = try options(
                name,
                random.pick([.automatic, .lineFeed, .carriageReturnLineFeed, .null]),
                maximumBytes: random.pick([4, 40, 1 << 20]),
                keepsEmptyLines: random.below(2) == 0
            )
            let bytes = (0..<random.below(200)).map { _ in
                random.below(3) == 0 ? random.pick([0x00, 0x0a, 0x0d, 0x25, 0x1b, 0xff]) : UInt8(random.below(256))
            }
            let whole = LineFramer(options)
            let expected = try LineText.lines(of: bytes, whole)
            let most = random.pick([1, 4, 50])
            let pieces = LineFramer(options)
            let found = try LineText.lines(of: bytes, pieces, pieces: { random.below(most) + 1 })
            #expect(found == expected, "seed \(seed), round \(round), \(options)")
            #expect(pieces.firstUnfinished == whole.firstUnfinished, "seed \(seed), round \(round)")
            for line in expected { #expect(line.text.utf8.count <= options.maximumBytes) }
        }
    }

    /// The quick way through a batch and this one are the same.
    @Test func aPlainFileIsCutAsEver() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let pieces = ["a", "é", "\n", "\r\n", "\n\n", "long text", "\r", "\u{feff}"]
        for _ in 0..<200 {
            let text = (0..<random.below(40)).map { _ in random.pick(pieces) }.joined()
            let limit = random.pick([4, 1000])
            let batch = EventBatch(capacity: 64)
            let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")
            batch.arena.append(Array(text.utf8))
            let segment = batch.openSegment(
                EventSegment(source: source, start: 0, end: Int64(text.utf8.count), time: 0, timeOffset: 0)
            )
            _ = batch.appendLines(from: 0, offset: 0, segment: segment, maximumBytes: limit)
            let found = try LineText.lines(of: Array(text.utf8), LineFramer(options(maximumBytes: limit)))
            let quick = batch.events.map { event in
                LineText(
                    batch.arena.view(event.textStart, event.textEnd).string,
                    event.fileStart,
                    event.fileEnd,
                    event.flags.contains(.truncated) ? .truncated : []
                )
            }
            #expect(found == quick, "seed \(seed), text \(text.debugDescription)")
        }
    }

    // MARK: Options

    @Test func optionsSayWhatIsWrong() {
        func read(_ node: ConfigurationNode) -> (LineOptions, String) {
            let problems = ConfigurationProblems()
            let section = ConfigurationSection(node, problems: problems)
            let options = LineOptions(section, maximumBytes: 100)
            section.finish()
            return (options, problems.description)
        }
        let good = read(["encoding": "UTF-16LE", "line_terminator": "null_terminator"])
        #expect(good.0.encoding.kind == .utf16(.little) && good.0.terminator == .null && good.1.isEmpty)
        #expect(read(["encoding": ""]).0.encoding == .utf8)
        #expect(read(["encoding": "utf-18"]).1.contains("unknown encoding 'utf-18' for encoding: did you mean 'utf-"))
        #expect(read(["encoding": "klingon"]).1.contains("known are plain"))
        #expect(read(["line_terminator": "line-feed"]).1.contains("did you mean 'line_feed'?"))
        #expect(
            read(["encoding": "latin1", "line_terminator": "line_separator"]).1
                .contains("the encoding latin1 has no line_separator")
        )
    }
}
