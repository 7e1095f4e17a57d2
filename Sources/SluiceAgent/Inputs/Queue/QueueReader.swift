// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import SluiceSQLite

/// Reads a queue's parts from `state.db`, through a connection of its own. Belongs to its input's thread.
final class QueueReader {
    private let database: SQLiteDatabase
    private let row: Int64
    private let source: QueueEventSources
    /// The first byte that has not been read.
    private(set) var position: Int64

    init(path: String, row: Int64, position: Int64, source: QueueEventSources) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path, access: .read)
        self.row = row
        self.position = position
        self.source = source
    }

    /// Reads the next part to a batch.
    ///
    /// - Parameter end: of what is in the queue.
    /// - Returns: what was added; nil if there is nothing before `end`.
    func read(into batch: EventBatch, end: Int64) throws(SQLiteError) -> StateStore.Departure? {
        let statement = try database.prepare(
            "SELECT range_start, range_end, time, records FROM queued WHERE generation = ? AND range_start >= ? "
                + "ORDER BY range_start LIMIT 1"
        )
        defer { statement.reset() }
        try statement.bind(integer: row, at: 1)
        try statement.bind(integer: position, at: 2)
        guard try statement.step() else {
            position = max(position, end)
            return nil
        }
        let range = statement.integer(at: 0)..<max(statement.integer(at: 0), statement.integer(at: 1))
        let time = statement.integer(at: 2)
        let start = batch.arena.count
        batch.arena.append(statement.bytes(at: 3))
        _ = batch.appendRecords(from: start, offset: range.lowerBound, time: time) { source.source($0, $1) }
        position = range.upperBound
        return StateStore.Departure(
            row: row,
            underWay: .init(range: range, time: time, timeOffset: range.lowerBound),
            anchor: nil
        )
    }
}
