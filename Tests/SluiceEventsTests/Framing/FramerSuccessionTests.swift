// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

/// What stands in two files makes the events that it would make in one.
@Suite struct FramerSuccessionTests {
    static let containers = """
        2026-01-02T03:04:05Z stdout F a
        2026-01-02T03:04:05Z stdout P  half
        2026-01-02T03:04:05Z stderr F of another
        2026-01-02T03:04:05Z stdout P  and half
        2026-01-02T03:04:05Z stderr P  stream
        2026-01-02T03:04:05Z stdout F  is a line
        2026-01-02T03:04:05Z stderr F  ends
        2026-01-02T03:04:05Z stdout F b

        """

    static let cases: [(String, ConfigurationNode, Bool)] = [
        ("a\n b\n c\nd\ne\n f\n", ["multiline": ["pattern": "^ ", "match": "after"]], false),
        ("a\\\nb\\\nc\nd\ne\\\nf\n", ["multiline": ["pattern": "\\\\$", "match": "before"]], false),
        ("a\nb\nc\nd\ne\n", ["multiline": ["type": "count", "count_lines": 3]], false),
        (containers, [:], true),
        (containers, ["multiline": ["pattern": "^ ", "match": "after"]], true),
    ]

    private func options(_ node: ConfigurationNode, isContainer: Bool) -> FramingOptions {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        let options = FramingOptions(section, maximumBytes: 1000, isContainer: isContainer)
        section.finish()
        #expect(problems.isEmpty, "\(problems)")
        return options
    }

    @Test(arguments: cases.indices)
    func cutAtEveryLine(_ number: Int) throws {
        let (text, node, isContainer) = Self.cases[number]
        let options = options(node, isContainer: isContainer)
        var whole = try FramedFile(text, options)
        try whole.read()
        whole.flush()
        let bytes = Array(text.utf8)
        for cut in bytes.indices where bytes[cut] == 0x0a {
            // Something that has begun and never ended stays behind.
            for rest in ["", "unended"] {
                let head = String(decoding: bytes[...cut], as: UTF8.self)
                var first = try FramedFile(head + rest, options)
                try first.read()
                let second = try FramedFile(String(decoding: bytes[(cut + 1)...], as: UTF8.self), options)
                second.framer.take(over: first.framer)
                #expect(!first.framer.hasOpenEvent)
                var files = [first, second]
                try files[1].read(pieces: { 5 })
                files[1].flush()
                let end = Int64(cut + 1)
                let later = files[1].events.map { FramedEvent($0.text, $0.start + end, $0.end + end, $0.flags) }
                let ranges = files[1].ranges.flatMap { $0.map { FileRange(start: $0.start + end, end: $0.end + end) } }
                let sorted = { (events: [FramedEvent]) in events.sorted { ($0.start, $0.end) < ($1.start, $1.end) } }
                #expect(sorted(files[0].events + later) == sorted(whole.events), "cut at \(cut)")
                #expect(
                    (files[0].done + ranges).map(\.end).max() == whole.done.map(\.end).max(),
                    "cut at \(cut)"
                )
            }
        }
    }

    /// What was forced to end in the second file ends there again, though it began below 0.
    @Test func aBoundaryInTheSecondFile() throws {
        let options = options(["multiline": ["pattern": "^ ", "match": "after"]], isContainer: false)
        for forced in [[], [FileRange(start: -5, end: 3)]] {
            var first = try FramedFile("x\na\n b\n", options)
            try first.read()
            var second = try FramedFile(" c\n d\ny\n", options, forced: forced)
            second.framer.take(over: first.framer)
            #expect(second.framer.firstUnfinished == -5)
            try second.read()
            let expected =
                forced.isEmpty
                ? [FramedEvent("a\n b\n c\n d", -5, 6, .multiline)]
                : [FramedEvent("a\n b\n c", -5, 3, [.multiline, .forced]), FramedEvent(" d", 3, 6)]
            #expect(second.events == expected)
        }
    }
}
