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
    private(set) var lastTime: Int64
    /// Files before this one in which events began that were not ended there; the one before this comes last.
    private var ended: [EndedFile] = []

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
    ///   - predecessor: a file that was rotated, whose open events go on in this one.
    init(
        _ options: FramingOptions,
        position: Int64,
        head: ByteView,
        generation: Generation,
        handedOn: [Range<Int64>],
        known: [Generation.UnderWay],
        lastTime: Int64,
        after predecessor: UnendedEvents? = nil
    ) throws {
        var position = position
        var handedOn = handedOn
        var known = known
        var lastTime = lastTime
        if let predecessor {
            let other = predecessor.framing
            let end = other.framer.linesEnd
            position = min(other.handedOn.position, end) - end
            handedOn += other.handedOn.beyond.map { ($0.lowerBound - end)..<($0.upperBound - end) }
            known = other.known.map { $0.before(end) } + known
            lastTime = max(lastTime, other.lastTime)
            ended = other.ended.map { $0.before(end) }
            ended.append(EndedFile(place: predecessor.place, anchor: predecessor.anchor, end: 0, shift: end))
        }
        framer = try Framer(
            options,
            offset: max(0, position),
            head: head,
            forced: generation.forced.map { FileRange(start: $0.lowerBound, end: $0.upperBound) },
            done: handedOn.map { FileRange(start: $0.lowerBound, end: $0.upperBound) }
        )
        self.handedOn = HandedOnRanges(position: position, beyond: handedOn)
        self.known = known
        self.lastTime = lastTime
        if let predecessor { framer.take(over: predecessor.framing.framer) }
    }

    /// The first byte of this file that has not been handed on.
    var position: Int64 { max(0, handedOn.position) }

    /// What has been handed on beyond it.
    var beyond: [Range<Int64>] {
        handedOn.beyond.map { $0.clamped(to: 0..<Int64.max) }.filter { !$0.isEmpty }
    }

    /// Whether an event is open that began in another file.
    var hasEventOfPredecessor: Bool { handedOn.position < 0 && framer.hasOpenEvent }

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
        let begun = handedOn.position
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
        stretch.end = max(begun, handedOn.position)
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
        var departures = Departures(forced: forced, ended: ended, place: place, anchor: anchor)
        for underWay in new.flatMap({ pieces(of: $0, stretch) }) { departures.add(underWay, departed) }
        if !ended.isEmpty {
            name(batch, from: firstEvent, ranges: firstRange, stretch)
            ended.removeAll { $0.end <= handedOn.position }
        }
        known.removeAll { $0.range.upperBound <= handedOn.position }
    }

    /// Gives the events that began in other files to those: their source, and their offsets.
    private func name(_ batch: EventBatch, from first: Int, ranges firstRange: Int, _ stretch: EventSegment) {
        for number in firstRange..<max(firstRange, batch.lineRanges.count) {
            let line = batch.lineRanges[number]
            guard let file = file(of: batch.events[Int(line.event)].fileStart) else { continue }
            // What of it stands in another file is not said: it is delivered with the rest.
            let range = file.own(line.range.start..<line.range.end)
            batch.lineRanges[number].range = FileRange(start: range.lowerBound, end: range.upperBound)
        }
        for number in first..<max(first, batch.events.count) {
            let event = batch.events[number]
            guard let file = file(of: event.fileStart) else { continue }
            let range = file.own(event.fileStart..<event.fileEnd)
            let segment = batch.openSegment(
                EventSegment(
                    source: file.place.source,
                    start: range.lowerBound,
                    end: range.upperBound,
                    time: stretch.time,
                    timeOffset: stretch.timeOffset + file.shift
                )
            )
            batch.events[number].segment = UInt32(segment)
            batch.events[number].fileStart = range.lowerBound
            batch.events[number].fileEnd = range.upperBound
        }
    }

    private func file(of offset: Int64) -> EndedFile? { ended.first { offset < $0.end } }

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
