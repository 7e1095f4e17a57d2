// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

@Suite struct RecordTests {
    private func read(_ records: ByteView, offset: Int64, into batch: EventBatch) -> Bool {
        let start = batch.arena.count
        batch.arena.append(records)
        return batch.appendRecords(from: start, offset: offset, time: 1_000_000) {
            EventSource(generation: "AAAAAAAAAAAAAAAA", path: $1.string)
        }
    }

    private func write(_ messages: [(String, String, Bool)]) -> RecordWriter {
        let writer = RecordWriter()
        for (text, origin, isTruncated) in messages {
            text.withByteView { writer.append($0, origin: origin, isTruncated: isTruncated) }
        }
        return writer
    }

    @Test func whatWasWrittenIsReadAgain() {
        let writer = write([
            ("a", "", false), ("bb", "x", false), ("", "x", true), ("c\nc", "", false), ("d", "y", false),
        ])
        #expect(writer.messages == 5)
        let batch = EventBatch(capacity: 64)
        batch.arena.append("something before")
        #expect(read(writer.arena.view, offset: 7000, into: batch))
        let texts = (0..<batch.events.count).map { event in
            batch.arena.view(batch.events[event].textStart, batch.events[event].textEnd).string
        }
        #expect(texts == ["a", "bb", "", "c\nc", "d"])
        #expect((0..<5).map { batch.source(of: $0).path } == ["", "x", "x", "", "y"])
        #expect((0..<5).map { batch.events[$0].flags.contains(.truncated) } == [false, false, true, false, false])
        // Nothing lies between the segments, and events lie inside theirs.
        #expect(batch.segments.first?.start == 7000)
        #expect(batch.segments.last?.end == 7000 + Int64(writer.count))
        for (left, right) in zip(batch.segments, batch.segments.dropFirst()) { #expect(left.end == right.start) }
        for number in 0..<5 {
            let event = batch.events[number]
            let segment = batch.segments[Int(event.segment)]
            #expect(segment.start <= event.fileStart && event.fileEnd <= segment.end && event.fileStart < event.fileEnd)
            #expect(event.time == 1_000_000 + event.fileStart - 7000)
        }
    }

    @Test func partsBehindOneAnother() {
        let batch = EventBatch(capacity: 64)
        let first = write([("a", "x", false)])
        let second = write([("b", "", false), ("c", "x", false)])
        #expect(read(first.arena.view, offset: 0, into: batch))
        #expect(read(second.arena.view, offset: Int64(first.count), into: batch))
        #expect((0..<3).map { batch.source(of: $0).path } == ["x", "", "x"])
        #expect(batch.events[2].fileEnd == Int64(first.count + second.count))
    }

    @Test func whatIsNoRecordIsSaid() {
        let writer = write([("abc", "", false), ("def", "", false)])
        for length in 1..<writer.count where length != 8 {
            let batch = EventBatch(capacity: 64)
            #expect(!read(writer.arena.view[0..<length], offset: 0, into: batch), "\(length)")
            #expect(batch.events.count == (length > 8 ? 1 : 0))
        }
        for bytes: [UInt8] in [[9, 0, 0, 0, 0], [0, 255, 255, 255, 255], [0, 0, 0, 0, 128]] {
            let batch = EventBatch(capacity: 64)
            #expect(!bytes.withByteView { read($0, offset: 0, into: batch) })
            #expect(batch.events.isEmpty)
        }
    }
}
