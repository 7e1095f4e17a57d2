// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import SluicePatterns
import Testing

@Suite struct FramerTests {
    private func read(_ node: ConfigurationNode, isContainer: Bool = false) -> (FramingOptions, String) {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        let options = FramingOptions(section, maximumBytes: 1000, isContainer: isContainer)
        section.finish()
        return (options, problems.description)
    }

    private func texts(_ text: String, _ node: ConfigurationNode) throws -> [String] {
        let (options, problems) = read(node)
        #expect(problems.isEmpty, "\(problems)")
        var file = try FramedFile(text, options)
        try file.read(pieces: { 3 })
        file.flush()
        return file.events.map(\.text)
    }

    // MARK: Line filters

    @Test func linesAreIncludedThenExcluded() throws {
        let text = "ERR a\nWARN b\nDBG c\nERR DBG d\n"
        #expect(try texts(text, ["include_lines": ["^ERR", "^WARN"]]) == ["ERR a", "WARN b", "ERR DBG d"])
        #expect(try texts(text, ["exclude_lines": ["DBG"]]) == ["ERR a", "WARN b"])
        #expect(try texts(text, ["include_lines": "^ERR", "exclude_lines": "DBG"]) == ["ERR a"])
        #expect(try texts(text, ["parsers": [["include_message": ["patterns": ["^WARN"]]]]]) == ["WARN b"])
        // Whole events are asked.
        let node: ConfigurationNode = ["multiline": ["pattern": "^ ", "match": "after"], "exclude_lines": ["b$"]]
        #expect(try texts("a\n b\nc\n d\n", node) == ["c\n d"])
    }

    @Test func aBatchsEventsAreSelected() throws {
        let batch = EventBatch(capacity: 64)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")
        let text = (0..<200).map { "line \($0)\n" }.joined()
        batch.arena.append(text)
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: 10_000, time: 0, timeOffset: 0))
        _ = batch.appendLines(from: 0, offset: 0, segment: segment, maximumBytes: 100)
        let selection = try LineSelection(
            include: [try RegularExpression("[05]$")],
            exclude: [try RegularExpression("1")]
        )
        let mask = selection.mask(of: batch)
        let wanted = (0..<200).filter { $0 % 5 == 0 && !"\($0)".contains("1") }
        #expect((0..<200).filter { mask[$0] } == wanted)
        #expect(batch.select(selection, from: 100) == 200 - 100 - wanted.filter { $0 >= 100 }.count)
        let left = batch.events.map { batch.arena.view($0.textStart, $0.textEnd).string }
        #expect(left == (Array(0..<100) + wanted.filter { $0 >= 100 }).map { "line \($0)" })
        #expect(batch.select(try LineSelection(include: [], exclude: []), from: 0) == 0)
        #expect(batch.select(selection, from: 1000) == 0)
    }

    @Test func aPatternThatNeedsTooLongDoesNotMatch() throws {
        let slow = try RegularExpression("^(a+)+$")
        let selection = try LineSelection(include: [], exclude: [slow])
        #expect((String(repeating: "a", count: 40) + "b").withByteView { selection.keeps($0) })
        #expect(selection.failures == 1)
    }

    // MARK: What events say

    private func documents(_ text: String, _ options: FramingOptions) throws -> [String] {
        let framer = try Framer(options)
        let batch = EventBatch(capacity: 64)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: 0, time: 0, timeOffset: 0))
        batch.arena.append(text)
        try framer.frame(batch, from: 0, segment: segment, at: 0)
        framer.flush(batch, segment: segment)
        let pipeline = EventPipeline(parser: PlainParser())
        _ = pipeline.run(batch)
        return (0..<batch.events.count).map { event in
            ["log.flags", "stream", "docker.attrs"].map { name in
                batch.value(FieldPath(name), of: event).map { $0.bytes.string } ?? "-"
            }.joined(separator: " ")
        }
    }

    @Test func flagsStreamAndAttributesAreFields() throws {
        var options = FramingOptions(maximumBytes: 5)
        options.container = ContainerOptions()
        options.multiline = MultilineOptions(.pattern(try RegularExpression("^ "), negate: false, match: .after))
        let time = "2016-10-06T00:20:17Z"
        let text =
            "\(time) stdout F a\n\(time) stdout F  bcdef\nfree\n{\"log\":\"x\\n\",\"attrs\":{\"k\":\"v\"},\"stream\":\"stderr\",\"time\":\"\(time)\"}\n"
        #expect(
            try documents(text, options) == [
                #"["container_parsing_error"] - -"#, #"["truncated","multiline"] "stdout" -"#, #"- "stderr" {"k":"v"}"#,
            ]
        )
    }

    @Test func invalidTextIsAFlag() throws {
        let batch = EventBatch(capacity: 64)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")
        batch.arena.append([0x61, 0xff, 0x0a, 0x62, 0x0a, 0xfe, 0x0a])
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: 7, time: 0, timeOffset: 0))
        _ = batch.appendLines(from: 0, offset: 0, segment: segment, maximumBytes: 100)
        batch.replaceInvalidText(from: 1)
        let counts = EventPipeline(parser: PlainParser()).run(batch)
        #expect(counts == EventPipeline.Counts())
        #expect(batch.value(FieldPath("log.flags"), of: 0) == nil && batch.value(FieldPath("log.flags"), of: 1) == nil)
        #expect(batch.value(FieldPath("log.flags"), of: 2)?.bytes.string == #"["encoding_error"]"#)
        #expect(batch.value(FieldPath("message"), of: 2)?.string == "\u{fffd}")
        // Nothing of it is left for the next batch.
        batch.removeAll(arenaLimit: 1 << 20)
        #expect(batch.lineRanges.isEmpty)
    }

    // MARK: Options

    @Test func bothShapesOfFilebeatMeanTheSame() throws {
        let old = read([
            "multiline.pattern": "^ ", "multiline.match": "after", "multiline": ["negate": true], "encoding": "latin1",
            "include_lines": ["a"],
        ])
        #expect(old.1.isEmpty && old.0.multiline != nil && !old.0.isPlain && old.0.includeLines.count == 1)
        let new = read([
            "parsers": [
                ["container": ["stream": "stderr", "format": "cri"]],
                ["multiline": ["type": "pattern", "pattern": "^ ", "match": "after", "negate": true]],
                ["ndjson": ["target": "", "add_error_key": true, "message_key": "m"]],
            ]
        ])
        #expect(new.1.isEmpty, "\(new.1)")
        #expect(new.0.container?.stream == .stderr && new.0.container?.format == .cri)
        #expect(new.0.json?.keysUnderRoot == true && new.0.json?.addErrorKey == true && new.0.json?.messageKey == "m")
        for options in [old.0, new.0] {
            guard case .pattern(_, negate: true, match: .after) = try #require(options.multiline?.rule) else {
                Issue.record("not the pattern")
                continue
            }
        }
        let json = read(["json.keys_under_root": true, "json": ["overwrite_keys": true]])
        #expect(json.1.isEmpty && json.0.json?.keysUnderRoot == true && json.0.json?.overwriteKeys == true)
        #expect(read([:]).0.isPlain && read(["exclude_lines": "x", "encoding": "utf-8"]).0.isPlain)
        let container = read(["stream": "stdout", "format": "docker"], isContainer: true)
        #expect(container.1.isEmpty && container.0.container?.format == .docker)
        #expect(read(["parsers": [["ndjson": ["target": "json"]]]]).0.json?.keysUnderRoot == false)
    }

    @Test(
        arguments: [
            (
                ["parsers": [["multilines": ["pattern": "x"]]]],
                "unknown parser 'multilines' in parsers[0]: did you mean 'multiline'?"
            ),
            (["parsers": [["syslog": ["format": "auto"]]]], "the parser 'syslog' is not supported yet"),
            (["parsers": ["multiline": ["pattern": "x"]]], "expected a sequence of parsers"),
            (["parsers": ["multiline"]], "expected a mapping"),
            (
                ["parsers": [["ndjson": ["target": ""]], ["container": ["stream": "all"]]]],
                "container stands behind ndjson in parsers: put it in front"
            ),
            (["parsers": [["ndjson": ["target": ""]], ["ndjson": ["target": ""]]]], "names ndjson twice"),
            (["parsers": [["ndjson": ["target": "a"]]]], "fields can stand at the root or under 'json'"),
            (["parsers": [["container": ["stream": "stdin"]]]], "expected one of all, stdout, stderr"),
            (["parsers": [["container": ["streams": "all"]]]], "did you mean 'stream'?"),
            (["parsers": [["multiline": ["pattern": "(", "match": "after"]]]], "for parsers[0].multiline.pattern"),
            (
                ["parsers": [["ndjson": ["target": ""]]], "json.add_error_key": true],
                "json stands beside parsers: move it there"
            ),
            (["json.add_error_key": true, "multiline": ["pattern": "x", "match": "after"]], "beside json would join"),
            (["include_lines": ["a", "["]], "for include_lines[1]: missing terminating ]"),
            (["multiline": ["pattern": "x", "match": "after", "max_line": 1]], "did you mean 'max_lines'?"),
            (["multiline": "x"], "expected a mapping for multiline"),
        ] as [(ConfigurationNode, String)]
    )
    func optionsSayWhatIsWrong(_ node: ConfigurationNode, _ words: String) {
        let problems = read(node).1
        #expect(problems.contains(words), "\(problems)")
    }
}
