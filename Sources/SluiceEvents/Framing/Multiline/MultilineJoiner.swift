// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes
package import SluicePatterns

/// Makes events of lines. It has no clock: the caller says when a line came, and asks by when the next one has to come.
///
/// Of an event that is open the text so far is kept here, up to the most that is allowed. After a restart, reading
/// again from `firstUnfinished` on, with the boundaries that were forced, makes the same events.
package final class MultilineJoiner {
    private let options: MultilineOptions
    private let maximumBytes: Int
    private let rule: MultilineRule
    private var boundaries: ForcedBoundaries

    /// The open event's first line, or all that is known of the event by now.
    private var event: FramedLine?
    private let ranges = FileRanges()
    /// How many lines are in the text.
    private var lineCount = 0
    /// Whether the event's text, and its attributes, lie in the arena; otherwise in `text` and `attributes`.
    private var isInArena = false
    private let text = ByteArena(capacity: 1024)
    private let attributes = ByteArena(capacity: 64)
    private var lastArrival: Int64 = 0

    /// - Parameters:
    ///   - maximumBytes: an event's text is cut to this length, between characters.
    ///   - forced: the ranges of events that were forced to end after the place where reading begins.
    package init(
        _ options: MultilineOptions,
        maximumBytes: Int,
        forced: [FileRange] = []
    ) throws(RegularExpression.Failure) {
        self.options = options
        self.maximumBytes = maximumBytes
        rule = try MultilineRule(options)
        boundaries = ForcedBoundaries(forced)
    }

    /// The first byte of the open event; nil if none is open.
    package var firstUnfinished: Int64? { event == nil ? nil : ranges.start }

    /// When, on the caller's clock in nanoseconds, the open event has waited long enough; nil if none is open, or it
    /// waits for ever.
    package var deadline: Int64? {
        guard event != nil, options.timeout > 0 else { return nil }
        let (deadline, isNever) = lastArrival.addingReportingOverflow(options.timeout)
        return isNever ? nil : deadline
    }

    /// How often a pattern was given up because it needed too long.
    package var patternFailures: Int { rule.failures }

    // MARK: Lines

    /// Takes the next line.
    ///
    /// - Parameters:
    ///   - line: one of `lines`, its text in `arena`.
    ///   - now: when it came, on the clock that `deadline` goes by.
    ///   - output: gets the events that end, their text in `arena`.
    package func append(
        _ line: FramedLine,
        of lines: FramedLines,
        in arena: ByteArena,
        at now: Int64,
        into output: FramedLines
    ) {
        let decision = rule.decide(arena.view(line.text), isOpen: event != nil)
        if decision == .begins || decision == .alone { finish(arena, into: output) }
        if event == nil { open(line, of: lines) } else { add(line, of: lines, in: arena) }
        lastArrival = now
        if decision == .ends || decision == .alone { return finish(arena, into: output) }
        if !boundaries.isEmpty, boundaries.isBoundary(start: ranges.start ?? 0, end: line.fileEnd) {
            return finish(arena, into: output, isForced: true)
        }
        if ranges.isFull {
            event?.flags.insert(.truncated)
            finish(arena, into: output)
        }
    }

    private func open(_ line: FramedLine, of lines: FramedLines) {
        event = line
        ranges.removeAll()
        ranges.add(line, of: lines)
        lineCount = 1
        isInArena = true
    }

    private func add(_ line: FramedLine, of lines: FramedLines, in arena: ByteArena) {
        ranges.add(line, of: lines)
        guard let event else { return }
        self.event?.flags.formUnion(line.flags)
        let length = isInArena ? event.text.count : text.count
        let separator = length > 0 && !options.skipsNewline ? 1 : 0
        let room = maximumBytes - length - separator
        let hasRoom = room > 0 && (options.maximumLines == 0 || lineCount < options.maximumLines)
        guard hasRoom else {
            if !line.text.isEmpty { self.event?.flags.insert(.truncated) }
            return
        }
        lineCount += 1
        let count = UTF8Sequence.cut(arena.view(line.text), to: room)
        if count < line.text.count { self.event?.flags.insert(.truncated) }
        if isInArena, separator == 1, Int(line.textStart) == event.text.upperBound + 1,
            arena.view(event.text.upperBound..<Int(line.textStart))[0] == 0x0a
        {
            // In the arena it stands behind the others already, as it does in the file.
            self.event?.textEnd = line.textStart + UInt32(count)
            return
        }
        moveOut(of: arena)
        if separator == 1 { text.append(0x0a) }
        text.append(arena.view(line.text)[0..<count])
    }

    /// Goes on with the open event of a joiner that gets no more lines. To be called before the first line.
    ///
    /// - Parameter end: where the other's file ended. Its offsets are counted back from there: they are below 0.
    func take(over other: MultilineJoiner, end: Int64) {
        guard let open = other.event, !other.isInArena else { return }
        other.event = nil
        event = open
        rule.take(over: other.rule)
        ranges.removeAll()
        ranges.add(other.ranges, shift: end)
        lineCount = other.lineCount
        isInArena = false
        text.removeAll()
        text.append(other.text.view)
        attributes.removeAll()
        attributes.append(other.attributes.view)
        lastArrival = other.lastArrival
    }

    // MARK: Events

    /// Called when the arena is about to be handed on: the open event's text is taken out of it.
    package func suspend(_ arena: ByteArena) {
        if event != nil { moveOut(of: arena) }
    }

    private func moveOut(of arena: ByteArena) {
        guard isInArena, let event else { return }
        isInArena = false
        text.removeAll()
        text.append(arena.view(event.text))
        attributes.removeAll()
        attributes.append(arena.view(event.attributes))
    }

    /// Ends the open event if it has waited long enough.
    package func flushIfDue(_ now: Int64, _ arena: ByteArena, into output: FramedLines) {
        if let deadline, deadline <= now { flush(arena, into: output) }
    }

    /// Ends the open event though its rule does not say so. It is marked as forced.
    package func flush(_ arena: ByteArena, into output: FramedLines) {
        finish(arena, into: output, isForced: true)
    }

    private func finish(_ arena: ByteArena, into output: FramedLines, isForced: Bool = false) {
        guard var event else { return }
        self.event = nil
        if !isInArena {
            let start = arena.count
            arena.append(text.view)
            event.textStart = UInt32(truncatingIfNeeded: start)
            event.textEnd = UInt32(truncatingIfNeeded: arena.count)
            event.attributesStart = event.textEnd
            arena.append(attributes.view)
            event.attributesEnd = UInt32(truncatingIfNeeded: arena.count)
            // One giant event does not stay paid for.
            if text.capacity > 64 << 10 { text.shrink(to: 1024) }
        }
        if lineCount > 1 { event.flags.insert(.multiline) }
        if isForced { event.flags.insert(.forced) }
        ranges.set(&event, of: output)
        output.lines.append(event)
    }
}
