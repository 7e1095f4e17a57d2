// SPDX-License-Identifier: Apache-2.0

/// The way of a logger's events under one configuration.
final class LogRoute: Sendable {
    /// Nil if there are no outputs.
    private let groups: LayoutGroup?
    let policy: EncodingPolicy
    /// Below it no output takes anything.
    let lowestRank: UInt8
    let filter: LineFilter?
    /// The same as a flag, which is looked at without touching the filter.
    let hasFilter: Bool
    private let clock: (@Sendable () -> Int64)?

    init(_ parts: RouteParts, outputs: [LogOutput]) {
        policy = parts.policy
        clock = parts.clock
        filter = parts.filter
        hasFilter = parts.filter != nil
        groups = LayoutGroup.chain(outputs, policy: parts.policy)
        lowestRank = groups?.lowestRankOfAll ?? LevelRank.off
    }

    /// Writes the record to all outputs that take its level.
    @inline(__always)
    func write(_ record: borrowing LogRecord, rank: UInt8, buffer: LineBuffer) {
        groups?.write(record, rank: rank, buffer: buffer)
    }

    @inline(__always)
    func now() -> Int64 {
        if let clock { clock() } else { SystemClock.now() }
    }
}
