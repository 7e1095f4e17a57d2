// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import SluicePatterns
import TestSupport
import Testing

@Suite struct ContainerJoinerTests {
    private func options(
        _ stream: ContainerOptions.Stream = .all,
        maximumBytes: Int = 1 << 20
    ) -> FramingOptions {
        var options = FramingOptions(maximumBytes: maximumBytes)
        var container = ContainerOptions()
        container.stream = stream
        options.container = container
        return options
    }

    private func cri(_ rest: String) -> String { "2016-10-06T00:20:17.669794202Z \(rest)\n" }

    private func docker(_ log: String, _ stream: String = "stdout") -> String {
        let arena = ByteArena()
        arena.appendJSONString(log)
        return "{\"log\":\(arena.string),\"stream\":\"\(stream)\",\"time\":\"2016-10-06T00:20:17.669794202Z\"}\n"
    }

    private func events(_ text: String, _ options: FramingOptions) throws -> [FramedEvent] {
        var file = try FramedFile(text, options)
        try file.read()
        file.flush()
        return file.events
    }

    @Test func piecesAreJoinedForEachStreamApart() throws {
        let lines = [
            cri("stdout P out 1 "), cri("stderr P err 1 "), cri("stdout P out 2 "), cri("stderr F err 2"),
            cri("stdout F out 3"),
            cri("stdout F next"),
        ]
        let ends = lines.reduce(into: [Int64(0)]) { $0.append(($0.last ?? 0) + Int64($1.utf8.count)) }
        var file = try FramedFile(lines.joined(), options())
        try file.read(to: Int(ends[4]))
        #expect(file.events == [FramedEvent("err 1 err 2", ends[1], ends[4], .standardError)])
        // What is open begins at the first line.
        #expect(file.framer.firstUnfinished == 0)
        try file.read()
        #expect(
            file.events.dropFirst() == [
                FramedEvent("out 1 out 2 out 3", ends[0], ends[5], .standardOutput),
                FramedEvent("next", ends[5], ends[6], .standardOutput),
            ]
        )
        #expect(file.framer.firstUnfinished == ends[6])
        let docker = docker("a") + docker("x", "stderr") + docker("b\n") + docker("y\n", "stderr")
        #expect(try events(docker, options()).map(\.text) == ["ab", "xy"])
    }

    /// An event's own bytes, without the lines of the other stream.
    @Test func eventsKnowTheirLines() throws {
        let lines = [cri("stdout P a"), cri("stderr F b"), cri("stdout P c"), cri("stdout F d")]
        let ends = lines.reduce(into: [Int64(0)]) { $0.append(($0.last ?? 0) + Int64($1.utf8.count)) }
        let framer = try Framer(options())
        let batch = EventBatch(capacity: 64)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: ends[4], time: 0, timeOffset: 0))
        batch.arena.append(lines.joined())
        try framer.frame(batch, from: 0, segment: segment, at: 0)
        #expect(batch.events.count == 2)
        #expect(batch.lineRanges.map(\.event) == [1, 1])
        #expect(
            batch.lineRanges.map(\.range) == [
                FileRange(start: ends[0], end: ends[1]), FileRange(start: ends[2], end: ends[4]),
            ]
        )
        #expect(batch.events[1].time == 1_475_713_217_669_794_202 && batch.events[1].flags.contains(.hasOwnTime))
    }

    @Test func oneStreamIsWanted() throws {
        let text = cri("stdout P a") + cri("stderr F b") + cri("stdout F c") + cri("stderr P d") + cri("stderr F e")
        #expect(try events(text, options(.stdout)).map(\.text) == ["ac"])
        #expect(try events(text, options(.stderr)).map(\.text) == ["b", "de"])
        var file = try FramedFile(cri("stdout P a") + cri("stderr F b"), options(.stderr))
        try file.read()
        #expect(file.framer.firstUnfinished == Int64(file.bytes.count))
    }

    @Test func whatIsNoContainersLineGoesOnAsItIs() throws {
        let text = cri("stdout P a") + "free text\n" + "\n" + cri("stdout F b")
        var file = try FramedFile(text, options())
        try file.read()
        #expect(file.events.map(\.text) == ["free text", "ab"])
        #expect(file.events.first?.flags == .unrecognised)
        #expect(file.framer.containerFailures == 2 && file.framer.lastContainerFailure != nil)
    }

    @Test func longTextsAreCutBetweenCharacters() throws {
        let text =
            cri("stdout P ééé") + cri("stdout P éé") + cri("stdout F x") + cri("stdout F ééééé") + docker("ééééé\n")
        let found = try events(text, options(maximumBytes: 9))
        #expect(found.map(\.text) == ["éééé", "éééé", "éééé"])
        #expect(found.allSatisfy { $0.flags == [.truncated, .standardOutput] })
        let free = try events("ééééé\n", options(maximumBytes: 9))
        #expect(free.map(\.text) == ["éééé"] && free.first?.flags == [.truncated, .unrecognised])
    }

    @Test func whatIsOpenAtTheEndIsAnEvent() throws {
        let text = cri("stdout P a") + cri("stderr P b")
        let found = try events(text, options())
        #expect(found.map(\.text) == ["a", "b"])
        #expect(found.map(\.flags) == [[.standardOutput, .forced], [.standardError, .forced]])
        // And the same after a restart that reads on.
        let ranges = found.map { FileRange(start: $0.start, end: $0.end) }
        var again = try FramedFile(text + cri("stdout F c") + cri("stderr F d"), options(), forced: ranges)
        try again.read()
        #expect(Array(again.events.prefix(2)) == found)
        #expect(again.events.map(\.text) == ["a", "b", "c", "d"])
    }

    @Test func multilineIsOfEachStreamApart() throws {
        var options = options()
        options.multiline = MultilineOptions(
            .pattern(try RegularExpression("^ "), negate: false, match: .after)
        )
        let text =
            cri("stdout F out") + cri("stderr F err") + cri("stdout F  more") + cri("stderr P  mo") + cri("stderr F re")
            + cri("stdout F out 2") + "\n" + cri("stderr F err 2")
        let found = try events(text, options)
        #expect(found.map(\.text) == ["out\n more", "err\n more", "out 2", "err 2"])
        #expect(found[0].flags == [.standardOutput, .multiline])
        // Forced at the end, and ended there again.
        let ranges = found.filter { $0.flags.contains(.forced) }.map { FileRange(start: $0.start, end: $0.end) }
        #expect(ranges.count == 2)
        var again = try FramedFile(text + cri("stdout F  later") + cri("stderr F  later"), options, forced: ranges)
        try again.read()
        again.flush()
        #expect(Set(again.events.map(\.text)) == ["out\n more", "err\n more", "out 2", "err 2", " later"])
    }

    @Test func aPieceThatWasForcedWithinAnEventIsForcedThereAgain() throws {
        var options = options()
        options.multiline = MultilineOptions(
            .pattern(try RegularExpression("^ "), negate: false, match: .after)
        )
        let text = cri("stdout F a") + cri("stdout F  b") + cri("stdout P  c")
        let found = try events(text, options)
        #expect(found.map(\.text) == ["a\n b\n c"])
        let range = FileRange(start: found[0].start, end: found[0].end)
        var again = try FramedFile(text + cri("stdout F d") + cri("stdout F e"), options, forced: [range])
        try again.read()
        again.flush()
        #expect(again.events.map(\.text) == ["a\n b\n c", "d", "e"])
        #expect(again.events.first == found.first)
    }

    @Test func howItIsReadChangesNothing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for round in 0..<200 {
            var text = ""
            for _ in 0..<random.below(20) {
                let stream = random.pick(["stdout", "stderr"])
                let content = random.pick(["a", " b", "é", "", "text with \"quotes\""])
                switch random.below(8) {
                case 0: text += random.pick(["free text\n", "\n", "{}\n"])
                case 1...3: text += docker(content + random.pick(["", "\n"]), stream)
                default: text += cri("\(stream) \(random.pick(["P", "F", "F", "x:P"])) \(content)")
                }
            }
            var options = options(random.pick([.all, .all, .stdout]), maximumBytes: random.pick([3, 1000]))
            if random.below(2) == 0 {
                options.multiline = MultilineOptions(
                    .pattern(try RegularExpression("^ "), negate: false, match: .after)
                )
            }
            var whole = try FramedFile(text, options)
            try whole.read()
            let most = random.pick([1, 10, 100])
            var pieces = try FramedFile(text, options)
            try pieces.read(pieces: { random.below(most) + 1 })
            #expect(pieces.events == whole.events, "seed \(seed), round \(round)")
            #expect(pieces.framer.firstUnfinished == whole.framer.firstUnfinished, "seed \(seed), round \(round)")
            // A restart somewhere, possibly in the middle of what the other stream had handed on: all of it, and nothing
            // twice. What was open at the stop is ended at the end, as it is without a stop.
            whole.flush()
            var first = try FramedFile(text, options)
            try first.read(to: random.below(text.utf8.count + 1))
            let from = first.framer.firstUnfinished
            var second = try FramedFile(text, options, from: from, done: first.done)
            try second.read()
            second.flush()
            let both = (first.events + second.events).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
            #expect(
                both == whole.events.sorted { ($0.start, $0.end) < ($1.start, $1.end) },
                "seed \(seed), round \(round)"
            )
            // Some of what was handed on had not arrived: it comes again as it was.
            var lost = Set<Int64>()
            for event in first.events where random.below(2) == 0 { lost.insert(event.start) }
            let kept = first.events.filter { !lost.contains($0.start) }
            let done = first.done.filter { range in
                !first.ranges.contains { lost.contains($0[0].start) && $0.contains(range) }
            }
            let start = min(from, lost.min() ?? from)
            var third = try FramedFile(text, options, from: start, done: done)
            try third.read()
            third.flush()
            let again = (kept + third.events).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
            #expect(
                again == whole.events.sorted { ($0.start, $0.end) < ($1.start, $1.end) },
                "seed \(seed), round \(round)"
            )
        }
    }
}
