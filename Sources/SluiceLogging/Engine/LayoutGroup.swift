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
    let reserved: ReservedKeys
    /// The lowest of the outputs.
    let lowestRank: UInt8
    private let output: BoundOutput
    private let next: LayoutGroup?

    private init(layout: any LogLayout, output: BoundOutput, next: LayoutGroup?) {
        self.layout = layout
        isBuiltIn = layout is any BuiltInLayout
        reserved = ReservedKeys(layout.reservedKeys)
        lowestRank = output.lowestRank
        self.output = output
        self.next = next
    }

    /// The chain of outputs by their layouts, in the order in which the layouts are first met.
    static func chain(_ outputs: [LogOutput]) -> LayoutGroup? {
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
            first = LayoutGroup(layout: layout, output: output, next: first)
        }
        return first
    }

    /// The lowest level that an output of this group or of those behind it takes.
    var lowestRankOfAll: UInt8 { min(lowestRank, next?.lowestRankOfAll ?? lowestRank) }

    /// Writes the record to all outputs that take its level, here and behind.
    func write(_ record: borrowing LogRecord, rank: UInt8, buffer: LineBuffer) {
        if rank >= lowestRank {
            buffer.begin(self)
            var line = LogLine(buffer.line)
            layout.write(record, to: &line)
            if !isBuiltIn { Self.end(buffer.line) }
            output.write(buffer.line.view, level: record.level, rank: rank)
        }
        next?.write(record, rank: rank, buffer: buffer)
    }

    /// One newline, at the end.
    private static func end(_ line: ByteArena) {
        var position = 0
        while let found = line.view(position..<line.count).firstIndex(of: UInt8(ascii: "\n")) {
            line.replace(at: position + found, with: UInt8(ascii: " "))
            position += found + 1
        }
        if position > 0, position == line.count { line.truncate(to: position - 1) }
        line.append(literal: "\n")
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
