// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import SluicePatterns
import TestSupport
import Testing

@Suite struct MultilineTests {
    private func options(
        _ rule: MultilineOptions.Rule,
        maximumBytes: Int = 1 << 20,
        _ change: (inout MultilineOptions) -> Void = { _ in }
    ) -> FramingOptions {
        var options = FramingOptions(maximumBytes: maximumBytes)
        var multiline = MultilineOptions(rule)
        change(&multiline)
        options.multiline = multiline
        return options
    }

    private func pattern(_ pattern: String, negate: Bool = false, _ match: MultilineOptions.Match) throws
        -> MultilineOptions.Rule
    {
        .pattern(try RegularExpression(pattern), negate: negate, match: match)
    }

    private func events(_ text: String, _ options: FramingOptions) throws -> [FramedEvent] {
        var file = try FramedFile(text, options)
        try file.read()
        file.flush()
        return file.events
    }

    private func texts(_ text: String, _ options: FramingOptions) throws -> [String] {
        try events(text, options).map(\.text)
    }

    // MARK: Filebeat's documentation

    /// The four cases of its table: lines that match are `b`.
    @Test(arguments: [
        (false, MultilineOptions.Match.after, "a\nb\nb\nc\nb\nb\n", ["a\nb\nb", "c\nb\nb"]),
        (false, .before, "b\nb\na\nb\nb\nc\n", ["b\nb\na", "b\nb\nc"]),
        (true, .after, "b\na\nc\nb\nd\ne\n", ["b\na\nc", "b\nd\ne"]),
        (true, .before, "a\nc\nb\nd\ne\nb\n", ["a\nc\nb", "d\ne\nb"]),
    ])
    func negateAndMatch(_ negate: Bool, _ match: MultilineOptions.Match, _ text: String, _ expected: [String]) throws {
        #expect(try texts(text, options(pattern("^b", negate: negate, match))) == expected)
    }

    @Test func javaStackTraces() throws {
        let text = """
            Exception in thread "main" java.lang.NullPointerException
                    at com.example.myproject.Book.getTitle(Book.java:16)
                    at com.example.myproject.Author.getBookTitles(Author.java:25)
            Caused by: java.lang.IllegalStateException
                    ... 1 more
            INFO done

            """
        let rule = try pattern(#"^[[:space:]]+(at|\.{3})[[:space:]]+\b|^Caused by:"#, .after)
        let found = try texts(text, options(rule))
        #expect(found.count == 2 && found[0].hasSuffix("1 more") && found[1] == "INFO done")
    }

    @Test func linesThatGoOn() throws {
        let text = "printf (\"%10.10ld \\\n  %.2f\\\n end\");\nnext\n"
        #expect(
            try texts(text, options(pattern(#"\\$"#, .before))) == [
                "printf (\"%10.10ld \\\n  %.2f\\\n end\");", "next",
            ]
        )
    }

    @Test func linesThatBeginWithATime() throws {
        let text = "[2015-08-24 11:49:14,389] INFO\nmore\n  and more\n[2015-08-24 11:49:15] INFO\n"
        #expect(
            try texts(text, options(pattern(#"^\[[0-9]{4}-[0-9]{2}-[0-9]{2}"#, negate: true, .after)))
                == ["[2015-08-24 11:49:14,389] INFO\nmore\n  and more", "[2015-08-24 11:49:15] INFO"]
        )
    }

    @Test func startAndEndOfAnEvent() throws {
        let text = "[1] Start new event\ncontent\n[1] End event\nbetween\n[2] Start new event\n[2] End event\nrest\n"
        let rule = try pattern("Start new event", negate: true, .after)
        let flush = try RegularExpression("End event")
        let found = try texts(text, options(rule) { $0.flushPattern = flush })
        #expect(
            found == [
                "[1] Start new event\ncontent\n[1] End event", "between", "[2] Start new event\n[2] End event", "rest",
            ]
        )
        // An event's first line is not asked.
        #expect(
            try texts("End event\nx\nEnd event\ny\n", options(rule) { $0.flushPattern = flush }) == [
                "End event\nx\nEnd event", "y",
            ]
        )
    }

    @Test func count() throws {
        #expect(try texts("a\nb\nc\nd\ne\n", options(.count(2))) == ["a\nb", "c\nd", "e"])
        #expect(try texts("a\nb\n", options(.count(1))) == ["a", "b"])
        // The last line ends the event; nothing is waited for.
        var file = try FramedFile("a\nb\nc\n", options(.count(3)))
        try file.read()
        #expect(file.events == [FramedEvent("a\nb\nc", 0, 6, .multiline)])
        // Lines that are too much for the event are counted all the same.
        #expect(try texts("aaaa\nb\nc\nd\n", options(.count(3), maximumBytes: 4)) == ["aaaa", "d"])
    }

    @Test func whilePattern() throws {
        let rule = MultilineOptions.Rule.whilePattern(try RegularExpression("^ "), negate: false)
        #expect(try texts("a\n b\n c\nd\ne\n f\n", options(rule)) == ["a", " b\n c", "d", "e", " f"])
        let negated = MultilineOptions.Rule.whilePattern(try RegularExpression("^ "), negate: true)
        #expect(try texts("a\nb\n c\n d\ne\n", options(negated)) == ["a\nb", " c", " d", "e"])
    }

    // MARK: Limits

    @Test func whatIsTooMuchIsDroppedAndSaid() throws {
        let rule = try pattern("^ ", .after)
        let many = try events("a\n b\n c\n d\ne\n", options(rule) { $0.maximumLines = 2 })
        #expect(many == [FramedEvent("a\n b", 0, 11, [.truncated, .multiline]), FramedEvent("e", 11, 13, .forced)])
        let long = try events("abc\n def\n\n x\ne\n", options(pattern("^ |^$", .after), maximumBytes: 6))
        #expect(long == [FramedEvent("abc\n d", 0, 13, [.truncated, .multiline]), FramedEvent("e", 13, 15, .forced)])
        // Between characters, and with the line's own cut.
        let cut = try events("abc\n éé\n éxxxxxxxx\nb\n", options(rule, maximumBytes: 8))
        #expect(cut == [FramedEvent("abc\n é", 0, 22, [.truncated, .multiline]), FramedEvent("b", 22, 24, .forced)])
        // An empty line too much takes nothing away.
        let empty = try events("a\n\nb\n", options(pattern("^$", .after)) { $0.maximumLines = 1 })
        #expect(empty == [FramedEvent("a", 0, 3), FramedEvent("b", 3, 5, .forced)])
        #expect(try texts("a\n b\n c\n", options(rule) { $0.maximumLines = 0 }) == ["a\n b\n c"])
    }

    @Test func newlinesAndEmptyLines() throws {
        let rule = try pattern("^ |^$", .after)
        #expect(try texts("a\n b\r\n\n c\n", options(rule)) == ["a\n b\n\n c"])
        #expect(try texts("a\n b\r\n\n c\n", options(rule) { $0.skipsNewline = true }) == ["a b c"])
        // What begins empty has no line feed in front.
        #expect(try texts("\n\n a\n", options(rule)) == [" a"])
        #expect(try texts("\n\n", options(rule)) == [])
    }

    // MARK: Time

    @Test func anEventEndsWhenNothingComesForAWhile() throws {
        var file = try FramedFile("a\n b\n c\n", options(pattern("^ ", .after)) { $0.timeout = 1000 })
        file.now = 10
        #expect(file.framer.deadline == nil)
        try file.read(to: 2)
        #expect(file.framer.deadline == 1010 && file.framer.firstUnfinished == 0)
        file.now = 900
        try file.read(to: 5)
        #expect(file.framer.deadline == 1900)
        file.now = 1899
        file.flushDue()
        #expect(file.events.isEmpty)
        file.now = 1900
        file.flushDue()
        #expect(file.events == [FramedEvent("a\n b", 0, 5, [.multiline, .forced])])
        #expect(file.framer.deadline == nil && file.framer.firstUnfinished == 5)
        // What comes later is an event of its own.
        try file.read()
        file.flush()
        #expect(file.events.last == FramedEvent(" c", 5, 8, .forced))
        var patient = try FramedFile("a\n", options(pattern("^ ", .after)) { $0.timeout = 0 })
        try patient.read()
        #expect(patient.framer.deadline == nil && patient.framer.firstUnfinished == 0)
    }

    @Test func aPatternThatNeedsTooLongDoesNotMatch() throws {
        let line = String(repeating: "a", count: 40) + "b\n"
        var file = try FramedFile("x\n" + line + "y\n", options(pattern("^(a+)+$", .after)))
        try file.read()
        file.flush()
        #expect(file.events.count == 3 && file.framer.patternFailures == 1)
    }

    // MARK: However it is read

    /// The rule once more, over strings, as its documentation has it.
    private func expected(_ lines: [(text: String, start: Int64, end: Int64)], negate: Bool, isAfter: Bool)
        -> [FramedEvent]
    {
        var events: [FramedEvent] = []
        var before = false
        for line in lines {
            let matches = line.text.hasPrefix("b") != negate
            if let last = events.last, isAfter ? matches : before {
                events[events.count - 1] = FramedEvent(last.text + "\n" + line.text, last.start, line.end, .multiline)
            } else {
                events.append(FramedEvent(line.text, line.start, line.end))
            }
            before = matches
        }
        return events
    }

    @Test func pausesAndRestartsChangeNothing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for round in 0..<300 {
            var text = ""
            var lines: [(text: String, start: Int64, end: Int64)] = []
            for _ in 0..<random.below(30) {
                let line = random.pick(["a", "b", "b é", "c c", "bb"])
                let start = Int64(text.utf8.count)
                text += line + random.pick(["\n", "\r\n"])
                lines.append((line, start, Int64(text.utf8.count)))
            }
            let negate = random.below(2) == 0
            let isAfter = random.below(2) == 0
            let options = try options(pattern("^b", negate: negate, isAfter ? .after : .before))
            let wanted = expected(lines, negate: negate, isAfter: isAfter)
            var whole = try FramedFile(text, options)
            let most = random.pick([1, 4, 30])
            try whole.read(pieces: { random.below(most) + 1 })
            whole.flush()
            let unforced = whole.events.map { FramedEvent($0.text, $0.start, $0.end, $0.flags.subtracting(.forced)) }
            #expect(unforced == wanted, "seed \(seed), round \(round)")
            // A restart somewhere: what had been handed on, and what comes from the first unfinished byte on, are all.
            var first = try FramedFile(text, options)
            try first.read(to: random.below(text.utf8.count + 1), pieces: { random.below(most) + 1 })
            var second = try FramedFile(text, options, from: first.framer.firstUnfinished)
            try second.read()
            second.flush()
            let all = (first.events + second.events).map {
                FramedEvent($0.text, $0.start, $0.end, $0.flags.subtracting(.forced))
            }
            #expect(all == wanted, "seed \(seed), round \(round)")
        }
    }

    @Test func whatATimeoutEndedEndsThereAgain() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for round in 0..<200 {
            let text = (0..<random.below(20) + 1).map { _ in random.pick(["a\n", " b\n", " c\r\n"]) }.joined()
            let options = try options(pattern("^ ", .after)) { $0.timeout = 10 }
            var file = try FramedFile(text, options)
            while file.framer.nextOffset < file.bytes.count {
                try file.read(to: Int(file.framer.nextOffset) + random.below(8) + 1)
                file.now += Int64(random.below(20))
                file.flushDue()
            }
            file.flush()
            let forced = file.events.filter { $0.flags.contains(.forced) }
            let ranges = forced.map { FileRange(start: $0.start, end: $0.end) }
            var again = try FramedFile(text, options, forced: ranges)
            // All of it comes at once this time.
            try again.read()
            #expect(again.events == file.events, "seed \(seed), round \(round), text \(text.debugDescription)")
            // And from any event on.
            guard let from = file.events.randomElement(using: &random)?.start else { continue }
            var rest = try FramedFile(text, options, from: from, forced: ranges.filter { $0.start >= from })
            try rest.read()
            #expect(rest.events == file.events.filter { $0.start >= from }, "seed \(seed), round \(round)")
        }
    }

    // MARK: Options

    private func read(_ node: ConfigurationNode) -> (MultilineOptions?, String) {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        let options = MultilineOptions(section)
        section.finish()
        return (options, problems.description)
    }

    @Test func optionsHaveFilebeatsNamesAndDefaults() throws {
        let (plain, none) = read(["pattern": "^b", "match": "after"])
        #expect(
            none.isEmpty && plain?.maximumLines == 500 && plain?.timeout == 5_000_000_000
                && plain?.skipsNewline == false
        )
        let (all, problems) = read([
            "type": "pattern", "pattern": "^b", "match": "before", "negate": true, "max_lines": 3, "timeout": "1s",
            "flush_pattern": "e$", "skip_newline": true,
        ])
        #expect(
            problems.isEmpty && all?.maximumLines == 3 && all?.timeout == 1_000_000_000
                && all?.flushPattern?.pattern == "e$"
        )
        if case .pattern(let pattern, let negate, let match) = try #require(all?.rule) {
            #expect(pattern.pattern == "^b" && negate && match == .before)
        } else {
            Issue.record("not a pattern")
        }
        if case .count(let count) = try #require(read(["type": "count", "count_lines": 7]).0?.rule) {
            #expect(count == 7)
        }
        for name in ["while_pattern", "while-pattern"] {
            let rule = read(["type": ConfigurationNode(stringLiteral: name), "pattern": "x"]).0?.rule
            guard case .whilePattern(_, negate: false) = rule else {
                Issue.record("\(name) was not taken")
                continue
            }
        }
    }

    @Test(
        arguments: [
            (["match": "after"], "'pattern' is missing: give it a regular expression"),
            (["pattern": "^b"], "'match' is missing: give it after"),
            (["pattern": "^b", "match": "afer"], "did you mean 'after'?"),
            (
                ["pattern": "(", "match": "after"],
                "cannot read the regular expression '(' for pattern: missing closing parenthesis at its byte 1: close it"
            ),
            (["type": "count"], "'count_lines' is missing"),
            (["type": "count", "count_lines": 0], "a whole number from 1"),
            (["type": "while_patern", "pattern": "x", "match": "after"], "did you mean 'while_pattern'?"),
            (["pattern": "^b", "match": "after", "max_line": 3], "did you mean 'max_lines'?"),
            (["pattern": "^b", "match": "after", "timeout": "soon"], "expected a duration"),
            (
                ["pattern": ["a", "b"], "match": "after"], "expected a regular expression for pattern, found a sequence"
            ),
        ] as [(ConfigurationNode, String)]
    )
    func optionsSayWhatIsWrong(_ node: ConfigurationNode, _ words: String) {
        let problems = read(node).1
        #expect(problems.contains(words), "\(problems)")
    }
}
