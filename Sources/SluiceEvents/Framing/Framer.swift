// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Makes events of one file's bytes: lines, then what their container says of them, then several lines put together,
/// then the wanted ones. It does no reading and has no clock; it belongs to one thread at a time.
///
///     let framer = try Framer(options, offset: position, head: head, forced: onRecord, done: acknowledged)
///     // As long as there is something to read, from framer.nextOffset on:
///     try framer.frame(batch, from: start, segment: segment, at: now)
///     // Where the file ends for now:
///     framer.lookAgain()
///     // When framer.deadline has come, and when the file is at its end for good:
///     framer.flushDue(batch, segment: segment, at: now)
///     framer.flush(batch, segment: segment)
///
/// Progress may not go beyond `firstUnfinished`: from there on the same events come again, if the ranges of those that
/// are marked as forced are on record and are given back, and with them the ranges of those beyond that are done with.
/// Lines of an event may have lines of other events between them; `EventBatch.lineRanges` has its own.
package final class Framer {
    private let options: FramingOptions
    private let framer: LineFramer
    private let container: ContainerJoiner?
    /// For lines without a stream and for each of a container's, so that they do not mix; empty without `multiline`.
    private let multiline: [MultilineJoiner]
    private let selection: LineSelection
    private let done: DoneRanges
    private var lines = FramedLines()
    private var output = FramedLines()

    /// Lines that `include_lines` and `exclude_lines` left out.
    package private(set) var unwanted = 0

    /// What one line of a container's log has beside its text, escapes included, and no more.
    private static let containerOverhead = 128 << 10

    /// - Parameters:
    ///   - offset: where reading begins: 0, or a former `firstUnfinished`.
    ///   - head: the file's first two bytes; needed where `offset` is not 0 and the byte order goes by a mark.
    ///   - forced: the ranges of events behind `offset` that had been forced to end.
    ///   - done: the ranges of lines behind `offset` whose events need not be handed on again.
    package init(
        _ options: FramingOptions,
        offset: Int64 = 0,
        head: ByteView = .empty,
        forced: [FileRange] = [],
        done: [FileRange] = []
    ) throws {
        self.options = options
        self.done = DoneRanges(done)
        let maximumBytes = options.lines.maximumBytes
        var lineOptions = options.lines
        // A multiline event has empty lines in it.
        lineOptions.keepsEmptyLines = options.multiline != nil || options.container != nil
        if options.container != nil { lineOptions.maximumBytes += Self.containerOverhead }
        framer = LineFramer(lineOptions, offset: offset, head: head)
        container = options.container.map {
            ContainerJoiner($0, maximumBytes: maximumBytes, forced: forced, done: done)
        }
        multiline =
            try options.multiline.map { multiline in
                try (0..<(options.container == nil ? 1 : 3)).map { _ in
                    try MultilineJoiner(multiline, maximumBytes: maximumBytes, forced: forced)
                }
            } ?? []
        selection = try LineSelection(include: options.includeLines, exclude: options.excludeLines)
    }

    /// Goes on with the open events of a framer that gets nothing more, because its file was rotated: what follows stands
    /// in this one's. To be called before the first piece.
    ///
    /// Offsets of the other's file are counted back from its end, so that they are below 0 here: an event that began there
    /// at 90 of 100 bytes and has 20 more here is at -10 to 20.
    package func take(over other: Framer) {
        let end = other.linesEnd
        if let container, let others = other.container { container.take(over: others, end: end) }
        for (own, others) in zip(multiline, other.multiline) { own.take(over: others, end: end) }
    }

    // MARK: Its place

    /// Where in the file the next piece begins.
    package var nextOffset: Int64 { framer.nextOffset }

    /// The first byte that is not in an event that has been handed on, or left out; progress may not go beyond it.
    package var firstUnfinished: Int64 {
        var first = framer.firstUnfinished
        if let open = container?.firstUnfinished { first = min(first, open) }
        for joiner in multiline { first = min(first, joiner.firstUnfinished ?? first) }
        return first
    }

    /// Where the last whole line ended.
    package var linesEnd: Int64 { framer.firstUnfinished }

    /// Whether there is an event of whole lines that may still go on: `flush` would end it.
    package var hasOpenEvent: Bool {
        container?.firstUnfinished != nil || multiline.contains { $0.firstUnfinished != nil }
    }

    /// Whether a line has begun whose end has not come. It makes no event before it does.
    package var hasUnfinishedLine: Bool { framer.hasUnfinishedLine }

    /// When, on the clock of `frame`, `flushDue` has something to do; nil if nothing waits.
    package var deadline: Int64? { multiline.compactMap(\.deadline).min() }

    /// Lines that are none of a container, and how often a pattern was given up.
    package var containerFailures: Int { container?.failures ?? 0 }
    package var lastContainerFailure: ContainerLine.Failure? { container?.lastFailure }
    package var patternFailures: Int { multiline.reduce(selection.failures) { $0 + $1.patternFailures } }

    /// As `LineFramer.lookAgain`.
    package func lookAgain() { framer.lookAgain() }

    // MARK: Framing

    /// Makes events of a piece that was read to the end of the batch's arena.
    ///
    /// - Parameters:
    ///   - start: where the piece begins in the arena; it begins at `nextOffset` in the file.
    ///   - segment: whose events they are.
    ///   - now: a monotonic time in nanoseconds.
    package func frame(_ batch: EventBatch, from start: Int, segment: Int, at now: Int64) throws {
        lines.removeAll()
        try framer.frame(batch.arena, from: start, into: lines)
        handOn(batch, segment, at: now)
        // The batch goes away; what is open stays.
        for joiner in multiline { joiner.suspend(batch.arena) }
    }

    /// Ends the events that have waited long enough.
    package func flushDue(_ batch: EventBatch, segment: Int, at now: Int64) {
        output.removeAll()
        for joiner in multiline { joiner.flushIfDue(now, batch.arena, into: output) }
        append(output, to: batch, segment)
    }

    /// Ends every event that is open, because nothing more will come. A line without a line end is none.
    package func flush(_ batch: EventBatch, segment: Int) {
        lines.removeAll()
        output.removeAll()
        container?.flush(batch.arena, into: lines)
        if multiline.isEmpty { return append(lines, to: batch, segment) }
        join(batch.arena, at: 0)
        for joiner in multiline { joiner.flush(batch.arena, into: output) }
        append(output, to: batch, segment)
    }

    private func handOn(_ batch: EventBatch, _ segment: Int, at now: Int64) {
        if let container {
            output.removeAll()
            for index in 0..<lines.lines.count {
                container.append(lines.lines[index], of: lines, in: batch.arena, into: output)
            }
            swap(&lines, &output)
        }
        if !multiline.isEmpty {
            output.removeAll()
            join(batch.arena, at: now)
            swap(&lines, &output)
        }
        append(lines, to: batch, segment)
    }

    private func join(_ arena: ByteArena, at now: Int64) {
        for index in 0..<lines.lines.count {
            let line = lines.lines[index]
            let joiner = multiline[min(Int(line.stream.rawValue), multiline.count - 1)]
            joiner.append(line, of: lines, in: arena, at: now, into: output)
        }
    }

    // MARK: Events

    private func append(_ lines: FramedLines, to batch: EventBatch, _ segment: Int) {
        for line in lines.lines {
            if !done.isEmpty, done.cover(line, of: lines) { continue }
            // An empty line is no event.
            var isWanted = !line.text.isEmpty
            if isWanted, !selection.isEmpty, !selection.keeps(batch.arena.view(line.text)) {
                unwanted += 1
                isWanted = false
            }
            if isWanted {
                batch.append(line, of: lines, segment: segment)
            } else if line.rangeCount > 0 {
                // Where others lie between its lines, it has to be said which of them are done with.
                batch.append(line, of: lines, segment: segment)
                batch.events[batch.events.count - 1].flags.insert(.dropped)
            }
        }
    }
}
