// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// Outputs that share a layout, and so each line; and the groups behind it.
///
/// Groups and outputs are chains, each link calling the next, because going through an array retains and releases
/// every element, which costs more than what is done with it.
final class LayoutGroup: Sendable {
    let layout: any LogLayout
    /// The layout ends its lines itself, and writes no other newline.
    let isBuiltIn: Bool
    private let isDefaultJSON: Bool
    let reserved: ReservedKeys
    private let lineLimit: Int
    /// The lowest of the outputs.
    let lowestRank: UInt8
    private let output: BoundOutput
    private let next: LayoutGroup?

    private init(layout: any LogLayout, output: BoundOutput, policy: EncodingPolicy, next: LayoutGroup?) {
        self.layout = layout
        isBuiltIn = layout is any BuiltInLayout
        isDefaultJSON = (layout as? JSONLayout)?.isDefault ?? false
        lineLimit = policy.lineLimit
        let truncated = policy.lineLimit == .max ? [] : [EncodingPolicy.truncatedKey]
        reserved = ReservedKeys(layout.reservedKeys + truncated)
        lowestRank = output.lowestRank
        self.output = output
        self.next = next
    }

    /// The chain of outputs by their layouts, in the order in which the layouts are first met.
    static func chain(_ outputs: [LogOutput], policy: EncodingPolicy) -> LayoutGroup? {
        var layouts: [(layout: any LogLayout, outputs: [LogOutput])] = []
        for output in outputs {
            let isTerminal = (output.destination as? ConsoleDestination)?.isTerminal ?? false
            let layout = output.layout.adapted(isTerminal: isTerminal)
            if let known = layouts.firstIndex(where: { $0.layout.isEqual(to: layout) }) {
                layouts[known].outputs.append(output)
            } else {
                layouts.append((layout, [output]))
            }
        }
        var first: LayoutGroup?
        for (layout, outputs) in layouts.reversed() {
            guard let output = BoundOutput.chain(outputs) else { continue }
            first = LayoutGroup(layout: layout, output: output, policy: policy, next: first)
        }
        return first
    }

    /// The lowest level that an output of this group or of those behind it takes.
    var lowestRankOfAll: UInt8 { min(lowestRank, next?.lowestRankOfAll ?? lowestRank) }

    /// Writes the record to all outputs that take its level, here and behind.
    func write(_ record: borrowing LogRecord, rank: UInt8, buffer: LineBuffer) {
        if rank >= lowestRank {
            buffer.begin(self)
            writeLine(of: record, buffer)
            if buffer.line.count > lineLimit { shorten(record, buffer) }
            output.write(buffer.line.view, level: record.level, rank: rank)
        }
        next?.write(record, rank: rank, buffer: buffer)
    }

    @inline(__always)
    private func writeLine(of record: borrowing LogRecord, _ buffer: LineBuffer) {
        // Nearly all lines have the default layout: it is not worth while to look it up for each.
        if isDefaultJSON { return JSONLayout.writeDefault(record, to: buffer.line) }
        var line = LogLine(buffer.line)
        layout.write(record, to: &line)
        if !isBuiltIn { Self.end(buffer.line) }
    }

    /// Writes a line that is too long again, with fewer fields, and if need be with less of the error and the message.
    private func shorten(_ record: borrowing LogRecord, _ buffer: LineBuffer) {
        let excess = buffer.line.count - lineLimit
        buffer.beginShortening(excess: excess)
        defer { buffer.endShortening() }
        buffer.begin(self)
        writeLine(of: record, buffer)
        guard buffer.line.count > lineLimit else { return }
        if record.hasError {
            buffer.reduceException()
            buffer.begin(self)
            writeLine(of: record, buffer)
        }
        // What must be escaped takes more room than it has bytes: cutting may have to be done again.
        var kept = record.messageBytes.count
        while buffer.line.count > lineLimit, kept > 0 {
            kept = max(0, kept - (buffer.line.count - lineLimit) - 32)
            let message = EncodingPolicy.cut(record.messageBytes, to: kept)
            let shorter = record.with(message: message.view)
            buffer.begin(self)
            writeLine(of: shorter, buffer)
            withExtendedLifetime(message) {}
        }
    }

    /// One newline, at the end.
    private static func end(_ line: ByteArena) {
        var position = 0
        while let found = line.view(position..<line.count).firstIndex(of: UInt8(ascii: "\n")) {
            line.replace(at: position + found, with: UInt8(ascii: " "))
            position += found + 1
        }
        if position > 0, position == line.count { line.truncate(to: position - 1) }
        line.append("\n")
    }
}

/// A destination with its level, and those behind it.
private final class BoundOutput: Sendable {
    private let rank: UInt8
    private let destination: any LogDestination
    private let next: BoundOutput?

    private init(_ output: LogOutput, next: BoundOutput?) {
        rank = LevelRank.of(output.level)
        destination = output.destination
        self.next = next
    }

    static func chain(_ outputs: [LogOutput]) -> BoundOutput? {
        outputs.reversed().reduce(nil) { BoundOutput($1, next: $0) }
    }

    var lowestRank: UInt8 { min(rank, next?.lowestRank ?? rank) }

    func write(_ line: ByteView, level: Logger.Level, rank: UInt8) {
        if rank >= self.rank { line.withRawSpan { destination.write($0, level: level) } }
        next?.write(line, level: level, rank: rank)
    }
}
