// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct EventBatchTests {
    private func source(_ generation: String = "AAAAAAAAAAAAAAAA") -> EventSource {
        EventSource(generation: generation, path: "/a")
    }

    private func batch(lengths: [Int64], start: Int64 = 0, time: Int64 = 0, generation: String = "AAAAAAAAAAAAAAAA")
        -> EventBatch
    {
        let batch = EventBatch(capacity: 64)
        let end = lengths.reduce(start, +)
        let segment = batch.openSegment(
            EventSegment(source: source(generation), start: start, end: end, time: time, timeOffset: start)
        )
        var offset = start
        for length in lengths {
            batch.appendEvent(segment: segment, text: 0..<0, file: offset..<(offset + length))
            offset += length
        }
        return batch
    }

    private func ids(_ batch: EventBatch) -> [String] {
        (0..<batch.events.count).map { event in
            let output = ByteArena()
            batch.appendID(of: event, to: output)
            return output.string
        }
    }

    // MARK: Ids

    @Test func idsAreStableAndDistinct() {
        let lengths = (0..<500).map { Int64($0 % 70 + 1) }
        let first = ids(batch(lengths: lengths, start: 1 << 40))
        #expect(first == ids(batch(lengths: lengths, start: 1 << 40)))
        #expect(Set(first).count == first.count)
        #expect(
            Set(first).isDisjoint(with: ids(batch(lengths: lengths, start: 1 << 40, generation: "BBBBBBBBBBBBBBBB")))
        )
        // The same beginning, another end: a multiline event that was cut short once.
        #expect(ids(batch(lengths: [10])) != ids(batch(lengths: [11])))
        #expect(ids(batch(lengths: [100], start: 4096)) == ["AAAAAAAAAAAAAAAA.BAA.Bk"])
    }

    // MARK: Times

    @Test func linesWithoutATimeAreInOrderAndDistinct() {
        let batch = batch(lengths: [5, 1, 1, 300], start: 1000, time: 77)
        #expect((0..<4).map { batch.events[$0].time } == [77, 82, 83, 84])
        #expect((0..<4).map { batch.filledTime(of: $0) } == [77, 82, 83, 84])
    }

    @Test func coarseTimesAreFilledInTheOrderOfTheLines() {
        let batch = batch(lengths: Array(repeating: 100, count: 50), start: 123_456_700)
        for digits in [0, 3] {
            for event in 0..<50 { batch.setTime(5_000_000_000, digits: digits, of: event) }
            let times = (0..<50).map { batch.filledTime(of: $0) }
            #expect(times == times.sorted() && Set(times).count == 50)
            #expect(times.allSatisfy { $0 >= 5_000_000_000 && $0 < (digits == 0 ? 6_000_000_000 : 5_001_000_000) })
        }
        for event in 0..<50 { batch.setTime(5_000_000_007, digits: 9, of: event) }
        #expect(batch.filledTime(of: 49) == 5_000_000_007)
    }

    @Test func timesAtTheEndsTrapNothing() {
        for time in [Int64.min, -1, 0, Int64.max] {
            for start in [0, Int64.max - 10] {
                let batch = batch(lengths: [1, 2, 3], start: start, time: time)
                for digits in [-5, 0, 8, 9, 300] {
                    batch.setTime(time, digits: digits, of: 1)
                    _ = batch.filledTime(of: 1)
                    _ = batch.value(FieldPath("@timestamp"), of: 1)
                    var encoder = DocumentEncoder(writesTimestamp: true)
                    encoder.encode(batch, 1, to: ByteArena())
                }
                #expect(ids(batch).count == 3)
            }
        }
    }

    // MARK: Segments

    @Test func aSegmentThatGoesOnIsOne() {
        let batch = EventBatch(capacity: 64)
        let source = source()
        #expect(batch.openSegment(EventSegment(source: source, start: 0, end: 10, time: 5, timeOffset: 0)) == 0)
        #expect(batch.openSegment(EventSegment(source: source, start: 10, end: 20, time: 5, timeOffset: 0)) == 0)
        #expect(batch.segments[0].end == 20)
        #expect(batch.openSegment(EventSegment(source: source, start: 30, end: 40, time: 5, timeOffset: 0)) == 1)
        #expect(batch.openSegment(EventSegment(source: self.source(), start: 40, end: 50, time: 5, timeOffset: 0)) == 2)
        #expect(batch.openSegment(EventSegment(source: source, start: 50, end: 60, time: 6, timeOffset: 0)) == 3)
        batch.appendEvent(segment: 4, text: 0..<0, file: 0..<1)
        #expect(batch.events.isEmpty)
    }

    @Test func aSourceHasAtMostEightFieldsAndOnlyJSON() {
        let common =
            [(key: "bad", json: "{")] + (0..<7).map { (key: "k\($0)", json: "\($0)") } + [(key: "over", json: "1")]
        let source = EventSource(generation: "A", path: "/a", common: common)
        #expect(source.common.map(\.key) == (0..<7).map { "k\($0)" })
    }

    // MARK: Keys

    @Test func keysHaveTheirNumbersAndNames() {
        let keys = KeyTable()
        #expect(
            keys.number(of: "@timestamp") == KeyTable.timestamp && keys.number(of: "@metadata") == KeyTable.metadata
        )
        var numbers: [String: UInt32] = [:]
        for number in 0..<5000 {
            let name = number == 0 ? "" : "key \(number * 7919 % 5000)\"é"
            numbers[name] = keys.number(of: name)
        }
        #expect(Set(numbers.values).count == 5000)
        for (name, number) in numbers {
            #expect(keys.number(of: name) == number)
            let expected = ByteArena()
            expected.appendJSONString(name)
            #expect("\"\(keys.name(number).string)\"" == expected.string)
            #expect(keys.member(number).string == expected.string + ":")
        }
        #expect(keys.existingNumber(of: ByteView("not there")) == nil)
        keys.removeAllIfLarge()
        #expect(keys.count == 2 && keys.number(of: "@metadata") == KeyTable.metadata)
        #expect(keys.number(of: "new") == 2)
    }

    // MARK: Fields

    @Test func anEventCanBeGivenMoreFieldsThanItHasRoomFor() {
        let batch = EventBatch(capacity: 64)
        let pipe = Pipe()
        _ = pipe.process([#"{"a":0}"#, #"{"b":0}"#], in: batch)
        for number in 0..<300 {
            "\(number)".withByteView { _ = batch.setValue(FieldPath("k\(number)"), kind: .integer, json: $0, of: 0) }
        }
        #expect((0..<300).allSatisfy { batch.value(FieldPath("k\($0)"), of: 0)?.integer == Int64($0) })
        let documents = pipe.documents(of: batch)
        #expect(
            documents == ["{\"a\":0," + (0..<300).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}", #"{"b":0}"#]
        )
    }

    @Test func theTimeIsSetThroughItsNameAndNothingIsPutInside() {
        let batch = batch(lengths: [1])
        let path = FieldPath("@timestamp")
        #expect(!batch.setValue(path, kind: .integer, json: ByteView("5"), of: 0))
        #expect(!batch.setValue(path, kind: .string, json: ByteView("\"x\""), of: 0))
        #expect(batch.setValue(path, kind: .string, json: ByteView("\"1970-01-01T00:00:01.5Z\""), of: 0))
        #expect(
            batch.setValue(path, kind: .escapedString, json: ByteView("\"1970-01-01T01:00:01.5\\u002b01:00\""), of: 0)
        )
        #expect(batch.events[0].time == 1_500_000_000 && batch.events[0].timeDigits == 1)
        #expect(!batch.setValue(FieldPath("@timestamp.x"), kind: .integer, json: ByteView("5"), of: 0))
        #expect(!batch.removeValue(path, of: 0))
    }

    // MARK: Recycling

    @Test func aRecycledBatchGivesTheSameAsANewOne() {
        let seed: UInt64 = 555
        var generator = RandomObject(random: SplitMix64(seed: seed))
        let pipe = Pipe(
            processors: [
                ["drop_event": ["when": ["equals": ["a": 200]]]],
                ["add_fields": ["fields": ["x": 1]]], ["add_tags": ["tags": ["t"]]],
                ["rename": ["fields": [["from": "a", "to": "z.a"], ["from": "b", "to": "y"]]]],
                ["drop_fields": ["fields": ["level", "message"]]],
            ],
            common: [(key: "fields", json: #"{"env":"test"}"#), (key: "tags", json: "[]"), (key: "c", json: "1")],
            writesTimestamp: true
        )
        let recycled = EventBatch(capacity: 1024)
        for round in 0..<60 {
            var lines = (0..<generator.random.below(100)).map { _ in generator.line() }
            // Now and then a batch whose keys are too many to be kept, or one giant line.
            if round % 20 == 7 {
                lines.append("{" + (0..<5000).map { #""r\#(round)k\#($0)":1"# }.joined(separator: ",") + "}")
            }
            if round % 20 == 13 { lines.append(#"{"big":"\#(String(repeating: "x", count: 100_000))"}"#) }
            if round % 5 == 0 { lines.append("no JSON") }
            let fresh = EventBatch(capacity: 64)
            let expected = pipe.run(lines, in: fresh)
            recycled.removeAll(arenaLimit: 4096)
            #expect(recycled.events.isEmpty && recycled.fields.isEmpty && recycled.segments.isEmpty)
            #expect(pipe.run(lines, in: recycled) == expected, "seed \(seed), round \(round)")
            #expect(recycled.failedCount == fresh.failedCount)
            #expect(ids(recycled) == ids(fresh))
        }
    }

    @Test func aRecycledParserGivesTheSameAsANewOne() {
        var generator = RandomObject(random: SplitMix64(seed: 556))
        var options = JSONParserOptions()
        options.expandKeys = true
        let parser = JSONEventParser(options)
        for _ in 0..<60 {
            let lines = (0..<20).map { _ in generator.line() }
            let expected = Pipe(parser: JSONEventParser(options)).run(lines)
            #expect(Pipe(parser: parser).run(lines) == expected)
        }
    }
}
