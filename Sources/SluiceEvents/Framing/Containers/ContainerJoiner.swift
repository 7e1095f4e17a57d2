// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Takes the text out of a container's lines, and puts pieces of a line together, for each of its streams apart.
///
/// A line that is none of a container goes on as it is, and says so. Like `MultilineJoiner` it keeps of what is open
/// no more than is allowed, and makes the same lines again from `firstUnfinished` on.
package final class ContainerJoiner {
    private let options: ContainerOptions
    private let maximumBytes: Int
    private let parser: ContainerLineParser
    private var boundaries: ForcedBoundaries
    private let done: DoneRanges
    private let streams: [ContainerPieces]
    /// For each stream: no line has come yet whose event is not done with.
    private var isBefore = [true, true, true]

    /// How many lines were none of a container, and why the last of them.
    package private(set) var failures = 0
    package private(set) var lastFailure: ContainerLine.Failure?

    /// - Parameters:
    ///   - maximumBytes: a text is cut to this length, between characters.
    ///   - forced: as for `MultilineJoiner`.
    ///   - done: the ranges of lines whose events need not be handed on again. Reading may begin in the middle of an
    ///     event of one stream, because one of the other has to be read again; such an event is done with.
    package init(
        _ options: ContainerOptions,
        maximumBytes: Int,
        forced: [FileRange] = [],
        done: [FileRange] = []
    ) {
        self.options = options
        self.maximumBytes = maximumBytes
        parser = ContainerLineParser(options.format)
        boundaries = ForcedBoundaries(forced)
        self.done = DoneRanges(done)
        streams = (0..<3).map { _ in ContainerPieces(maximumBytes: maximumBytes) }
    }

    /// The first byte of a line of which only a part has come; nil if there is none such.
    package var firstUnfinished: Int64? { streams.compactMap(\.firstUnfinished).min() }

    /// Takes the next line.
    ///
    /// - Parameter output: gets the lines that are whole, their text in `arena`.
    package func append(_ line: FramedLine, of lines: FramedLines, in arena: ByteArena, into output: FramedLines) {
        let parsed: ContainerLine
        do throws(ContainerLine.Failure) {
            parsed = try parser.parse(line.text, in: arena)
        } catch {
            failures += 1
            lastFailure = error
            var line = line
            line.flags.insert(.unrecognised)
            if line.text.count > maximumBytes {
                line.flags.insert(.truncated)
                line.textEnd = line.textStart + UInt32(UTF8Sequence.cut(arena.view(line.text), to: maximumBytes))
            }
            return output.append(line, of: lines)
        }
        guard options.keeps(parsed.stream) else { return }
        let stream = Int(parsed.stream.rawValue)
        if isBefore[stream], done.cover(line, of: lines) { return }
        isBefore[stream] = false
        let pieces = streams[stream]
        pieces.append(parsed, line, in: arena, into: output)
        guard !boundaries.isEmpty else { return }
        let start = pieces.firstUnfinished ?? line.fileStart
        if boundaries.isBoundary(start: start, end: line.fileEnd) { pieces.flush(arena, into: output) }
    }

    /// As `MultilineJoiner.take`.
    func take(over other: ContainerJoiner, end: Int64) {
        for (own, others) in zip(streams, other.streams) { own.take(over: others, end: end) }
        for stream in isBefore.indices where streams[stream].firstUnfinished != nil { isBefore[stream] = false }
    }

    /// Ends what is open, though the rest of it has not come. It is marked as forced.
    package func flush(_ arena: ByteArena, into output: FramedLines) {
        for pieces in streams { pieces.flush(arena, into: output) }
    }
}
