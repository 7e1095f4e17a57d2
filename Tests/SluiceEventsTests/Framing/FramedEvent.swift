// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// An event that framing made, to compare.
struct FramedEvent: Equatable, CustomStringConvertible {
    var text: String
    var start: Int64
    var end: Int64
    var flags: Event.Flags

    var description: String { "\(start)..<\(end) \(flags.rawValue) \(text.debugDescription)" }

    init(_ text: String, _ start: Int64, _ end: Int64, _ flags: Event.Flags = []) {
        self.text = text
        self.start = start
        self.end = end
        self.flags = flags
    }

    init(_ batch: EventBatch, _ number: Int) {
        let event = batch.events[number]
        self.init(
            batch.arena.view(event.textStart, event.textEnd).string,
            event.fileStart,
            event.fileEnd,
            event.flags.subtracting(.hasOwnTime)
        )
    }
}

/// A file that is framed piece by piece, each piece in a batch of its own.
struct FramedFile {
    let bytes: [UInt8]
    let framer: Framer
    var events: [FramedEvent] = []
    /// Nanoseconds on the clock of those who call.
    var now: Int64 = 0
    /// The bytes of the events that were handed on, and of those that were left out.
    var done: [FileRange] { ranges.flatMap(\.self) }
    /// The same for each event.
    var ranges: [[FileRange]] = []
    private let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a")

    init(
        _ text: String,
        _ options: FramingOptions,
        from offset: Int64 = 0,
        forced: [FileRange] = [],
        done: [FileRange] = []
    ) throws {
        bytes = Array(text.utf8)
        framer = try Framer(options, offset: offset, forced: forced, done: done)
    }

    private func batch() -> (EventBatch, Int) {
        let batch = EventBatch(capacity: 64)
        let segment = batch.openSegment(
            EventSegment(source: source, start: 0, end: Int64(bytes.count), time: 0, timeOffset: 0)
        )
        return (batch, segment)
    }

    private mutating func take(_ batch: EventBatch) {
        events += (0..<batch.events.count).filter { !batch.events[$0].isDropped }.map { FramedEvent(batch, $0) }
        for event in 0..<batch.events.count {
            let own = batch.lineRanges.filter { $0.event == event }.map(\.range)
            let whole = FileRange(start: batch.events[event].fileStart, end: batch.events[event].fileEnd)
            ranges.append(own.isEmpty ? [whole] : own)
        }
    }

    /// Reads up to `end`, in pieces of these lengths.
    mutating func read(to end: Int = .max, pieces: () -> Int = { Int.max }) throws {
        let end = min(end, bytes.count)
        while framer.nextOffset < end {
            let (batch, segment) = batch()
            let from = Int(framer.nextOffset)
            let start = batch.arena.count
            batch.arena.append(Array(bytes[from..<(from + min(max(1, pieces()), end - from))]))
            try framer.frame(batch, from: start, segment: segment, at: now)
            take(batch)
        }
    }

    mutating func flushDue() {
        let (batch, segment) = batch()
        framer.flushDue(batch, segment: segment, at: now)
        take(batch)
    }

    mutating func flush() {
        let (batch, segment) = batch()
        framer.flush(batch, segment: segment)
        take(batch)
    }
}
