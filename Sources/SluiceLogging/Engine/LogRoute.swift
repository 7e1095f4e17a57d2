// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The way of a logger's events under one configuration.
final class LogRoute: Sendable {
    let groups: [LayoutGroup]
    let policy: EncodingPolicy
    let clock: (@Sendable () -> Int64)?
    /// Below it no output takes anything.
    let lowestRank: UInt8

    init(_ parts: RouteParts, outputs: [LogOutput]) {
        policy = parts.policy
        clock = parts.clock
        groups = LayoutGroup.groups(outputs, policy: parts.policy)
        lowestRank = groups.map(\.lowestRank).min() ?? LevelRank.off
    }

    @inline(__always)
    func now() -> Int64 {
        if let clock { clock() } else { SystemClock.now() }
    }

    /// Writes the record to all outputs that take its level.
    func write(_ record: inout LogRecord, rank: UInt8, line: ByteArena) {
        for group in groups where rank >= group.lowestRank {
            unsafe record.group = group
            line.removeAll()
            var logLine = LogLine(line)
            group.layout.write(record, to: &logLine)
            if !group.isBuiltIn { Self.end(line) }
            for output in group.outputs where rank >= output.rank {
                line.view.withRawSpan { output.destination.write($0, level: record.level) }
            }
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
