// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// One file's framer, and what of the file it has handed on. Belongs to its input's thread.
///
/// For everything that `EventBatch.appendLines` cannot do. The same bytes make the same events again, with the same
/// times, whenever they are read: by the boundaries and times on record, and by what is done with.
final class FileFraming {
    let framer: Framer
    private var handedOn: HandedOnRanges
    /// What had been handed on before a restart: such events get the time that they had.
    private var known: [Generation.UnderWay]
    /// The time of the last line that had none of its own.
    private var lastTime: Int64

    /// Whose events they are.
    struct Place {
        var row: Int64
        var source: EventSource
    }

    /// - Parameters:
    ///   - position: where reading begins.
    ///   - head: the file's first bytes.
    ///   - generation: as state has it: the boundaries that were forced, and the times that were given.
    ///   - handedOn: beyond the position, what need not be handed on again.
    init(
        _ options: FramingOptions,
        position: Int64,
        head: ByteView,
        generation: Generation,
        handedOn: [Range<Int64>],
        known: [Generation.UnderWay],
        lastTime: Int64
    ) throws {
        framer = try Framer(
            options,
            offset: position,
            head: head,
            forced: generation.forced.map { FileRange(start: $0.lowerBound, end: $0.upperBound) },
            done: handedOn.map { FileRange(start: $0.lowerBound, end: $0.upperBound) }
        )
        self.handedOn = HandedOnRanges(position: position, beyond: handedOn)
        self.known = known
        self.lastTime = lastTime
    }

    /// The first byte that has not been handed on.
    var position: Int64 { handedOn.position }

    /// What has been handed on beyond it.
    var beyond: [Range<Int64>] { handedOn.beyond }

    /// Adds events to a batch and notes what they are made of.
    ///
    /// - Parameters:
    ///   - arenaStart: behind it everything in the batch's arena is this turn's.
    ///   - now: of the machine's clock: the time of events that have none of their own.
    ///   - departed: is told what was added.
    ///   - body: makes the events, given the number of their segment.
    func hand(
        on batch: EventBatch,
        from arenaStart: Int,
        of place: Place,
        anchor: FileFingerprint?,
        now: Int64,
        departed: (StateStore.Departure) -> Void,
        _ body: (_ segment: Int) throws -> Void
    ) throws {
        let begun = position
        let firstEvent = batch.events.count
        let firstRange = batch.lineRanges.count
        var stretch = EventSegment(source: place.source, start: begun, end: begun, time: 0, timeOffset: begun)
        if let last = batch.segments.last, last.source === place.source, last.end == begun, last.timeOffset <= begun {
            stretch.time = last.time
            stretch.timeOffset = last.timeOffset
        } else {
            // Never the time of an earlier line, whatever the clock does.
            stretch.time = max(now, lastTime + 1)
        }
        defer { batch.removeEmptySegment() }
        try body(batch.openSegment(stretch))
        lastTime = max(lastTime, stretch.time + (framer.nextOffset - stretch.timeOffset))

        let unfinished = framer.firstUnfinished
        var forced: [Range<Int64>] = []
        var ahead: [Range<Int64>] = []
        var nextRange = firstRange
        for number in firstEvent..<batch.events.count {
            let event = batch.events[number]
            if !known.isEmpty, !event.flags.contains(.hasOwnTime),
                let before = known.first(where: { $0.range.contains(event.fileStart) })
            {
                batch.events[number].time = before.time + (event.fileStart - before.timeOffset)
            }
            if event.flags.contains(.forced) { forced.append(event.fileStart..<event.fileEnd) }
            var hasRanges = false
            while nextRange < batch.lineRanges.count, Int(batch.lineRanges[nextRange].event) == number {
                let range = batch.lineRanges[nextRange].range
                if range.end > unfinished { ahead.append(range.start..<range.end) }
                hasRanges = true
                nextRange += 1
            }
            if !hasRanges, event.fileEnd > unfinished { ahead.append(event.fileStart..<event.fileEnd) }
        }
        let new = handedOn.advance(to: unfinished, events: ahead)
        stretch.end = max(begun, position)
        _ = batch.openSegment(
            EventSegment(
                source: place.source,
                start: begun,
                end: stretch.end,
                time: stretch.time,
                timeOffset: stretch.timeOffset
            )
        )
        // Nothing is left there that anybody needs.
        if batch.events.count == firstEvent { batch.arena.truncate(to: arenaStart) }
        for underWay in new.flatMap({ pieces(of: $0, stretch) }) {
            departed(StateStore.Departure(row: place.row, underWay: underWay, anchor: anchor, forced: forced))
            forced = []
        }
        known.removeAll { $0.range.upperBound <= position }
    }

    /// Takes a range apart where the times on record begin and end.
    private func pieces(of range: Range<Int64>, _ stretch: EventSegment) -> [Generation.UnderWay] {
        var pieces: [Generation.UnderWay] = []
        var start = range.lowerBound
        func add(_ end: Int64, _ time: Int64, _ timeOffset: Int64) {
            guard start < end else { return }
            pieces.append(Generation.UnderWay(range: start..<end, time: time, timeOffset: timeOffset))
            start = end
        }
        for before in known where before.range.overlaps(range) {
            add(before.range.lowerBound, stretch.time, stretch.timeOffset)
            add(min(before.range.upperBound, range.upperBound), before.time, before.timeOffset)
        }
        add(range.upperBound, stretch.time, stretch.timeOffset)
        return pieces
    }
}
