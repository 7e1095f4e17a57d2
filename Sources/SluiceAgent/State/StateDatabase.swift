// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Reads and writes the tables of `state.db`. Belongs to the thread that commits.
final class StateDatabase {
    let database: SQLiteDatabase
    var letterOptions = DeadLetterOptions()
    /// By output, the dead letters that the last commit had no room for.
    var droppedLetters: [String: Int] = [:]

    /// Opens or makes the database and brings it to the newest schema.
    init(path: String) throws(StateError) {
        do {
            // A commit is on the disk when it returns: what was sent must be known after a power cut too.
            database = try SQLiteDatabase(path: path, synchronous: .full)
            try StateSchema.migrate(database)
        } catch let error as StateError {
            throw error
        } catch let error as SQLiteError {
            throw .database(error)
        } catch {
            throw .directory(path: path, reason: "\(error)")
        }
    }

    /// For reading what another connection writes.
    init(_ database: SQLiteDatabase) { self.database = database }

    func load() throws(SQLiteError) -> [Int64: Generation] {
        var generations: [Int64: Generation] = [:]
        let rows = try database.prepare(
            """
            SELECT row, identifier, path, device, inode, head_length, head_hash,
                anchor_offset, anchor_length, anchor_hash FROM generations
            """
        )
        while try rows.step() {
            var generation = Generation(
                row: rows.integer(at: 0),
                identifier: rows.string(at: 1) ?? "",
                path: rows.string(at: 2) ?? "",
                device: UInt64(bitPattern: rows.integer(at: 3)),
                inode: UInt64(bitPattern: rows.integer(at: 4)),
                head: FileFingerprint(
                    offset: 0,
                    length: Int(rows.integer(at: 5)),
                    hash: UInt64(bitPattern: rows.integer(at: 6))
                )
            )
            if !rows.isNull(at: 7) {
                generation.anchor = FileFingerprint(
                    offset: rows.integer(at: 7),
                    length: Int(rows.integer(at: 8)),
                    hash: UInt64(bitPattern: rows.integer(at: 9))
                )
            }
            generations[generation.row] = generation
        }
        let progress = try database.prepare("SELECT generation, output, offset FROM progress")
        while try progress.step() {
            let output = progress.string(at: 1) ?? ""
            generations[progress.integer(at: 0)]?.progress[output] = ByteRanges(contiguous: progress.integer(at: 2))
        }
        let beyond = try database.prepare("SELECT generation, output, range_start, range_end FROM beyond")
        while try beyond.step() {
            let (start, end) = (beyond.integer(at: 2), beyond.integer(at: 3))
            guard start < end else { continue }
            generations[beyond.integer(at: 0)]?.progress[beyond.string(at: 1) ?? ""]?.insert(start..<end)
        }
        let underWay = try database.prepare(
            "SELECT generation, range_start, range_end, time, time_offset FROM under_way ORDER BY generation, range_start"
        )
        while try underWay.step() {
            let (start, end) = (underWay.integer(at: 1), underWay.integer(at: 2))
            guard start < end else { continue }
            generations[underWay.integer(at: 0)]?.underWay.append(
                Generation.UnderWay(
                    range: start..<end,
                    time: underWay.integer(at: 3),
                    timeOffset: underWay.integer(at: 4)
                )
            )
        }
        let forced = try database.prepare("SELECT generation, range_start, range_end FROM forced")
        while try forced.step() {
            let (start, end) = (forced.integer(at: 1), forced.integer(at: 2))
            guard start < end else { continue }
            generations[forced.integer(at: 0)]?.forced.append(start..<end)
        }
        try loadMarks(into: &generations)
        return generations
    }

    /// Writes changes in one transaction.
    ///
    /// - Parameter generations: the present values of the rows that the changes name.
    func commit(_ changes: StateChanges, generations: [Int64: Generation], now: Int64) throws {
        try database.transaction {
            for row in changes.removed {
                let statement = try database.prepare("DELETE FROM generations WHERE row = ?")
                try statement.bind(integer: row, at: 1)
                try statement.run()
            }
            for row in changes.generations {
                if let generation = generations[row] { try write(generation, now: now) }
            }
            for row in changes.marks {
                if let generation = generations[row] { try write(generation.marks, row: row) }
            }
            // First: what begins at the same place afterwards stays.
            for (row, start) in changes.ended {
                let statement = try database.prepare("DELETE FROM under_way WHERE generation = ? AND range_start = ?")
                try statement.bind(integer: row, at: 1)
                try statement.bind(integer: start, at: 2)
                try statement.run()
            }
            for (row, underWay) in changes.begun {
                let statement = try database.prepare("INSERT OR REPLACE INTO under_way VALUES (?, ?, ?, ?, ?)")
                try statement.bind(integer: row, at: 1)
                try statement.bind(integer: underWay.range.lowerBound, at: 2)
                try statement.bind(integer: underWay.range.upperBound, at: 3)
                try statement.bind(integer: underWay.time, at: 4)
                try statement.bind(integer: underWay.timeOffset, at: 5)
                try statement.run()
            }
            for (row, range) in changes.forced {
                try run("INSERT OR REPLACE INTO forced VALUES (?, ?, ?)", row, range)
            }
            for (row, range) in changes.unforced {
                try run("DELETE FROM forced WHERE generation = ? AND range_start = ? AND range_end = ?", row, range)
            }
            for (row, outputs) in changes.progress {
                for output in outputs {
                    guard let ranges = generations[row]?.progress[output] else { continue }
                    try write(ranges, row: row, output: output)
                }
            }
            try write(changes.deadLetters, now: now)
            try write(changes.queues)
        }
    }

    private func run(_ sql: String, _ row: Int64, _ range: Range<Int64>) throws(SQLiteError) {
        let statement = try database.prepare(sql)
        try statement.bind(integer: row, at: 1)
        try statement.bind(integer: range.lowerBound, at: 2)
        try statement.bind(integer: range.upperBound, at: 3)
        try statement.run()
    }

    private func write(_ generation: Generation, now: Int64) throws(SQLiteError) {
        let statement = try database.prepare(
            """
            INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (row) DO UPDATE SET device = excluded.device, inode = excluded.inode,
                head_length = excluded.head_length, head_hash = excluded.head_hash,
                anchor_offset = excluded.anchor_offset, anchor_length = excluded.anchor_length,
                anchor_hash = excluded.anchor_hash, updated = excluded.updated
            """
        )
        try statement.bind(integer: generation.row, at: 1)
        try statement.bind(text: generation.identifier, at: 2)
        try statement.bind(text: generation.path, at: 3)
        try statement.bind(integer: Int64(bitPattern: generation.device), at: 4)
        try statement.bind(integer: Int64(bitPattern: generation.inode), at: 5)
        try statement.bind(integer: Int64(generation.head.length), at: 6)
        try statement.bind(integer: Int64(bitPattern: generation.head.hash), at: 7)
        if let anchor = generation.anchor {
            try statement.bind(integer: anchor.offset, at: 8)
            try statement.bind(integer: Int64(anchor.length), at: 9)
            try statement.bind(integer: Int64(bitPattern: anchor.hash), at: 10)
        }
        try statement.bind(integer: now, at: 11)
        try statement.run()
    }

    private func write(_ ranges: ByteRanges, row: Int64, output: String) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR REPLACE INTO progress VALUES (?, ?, ?)")
        try statement.bind(integer: row, at: 1)
        try statement.bind(text: output, at: 2)
        try statement.bind(integer: ranges.contiguous, at: 3)
        try statement.run()
        let forget = try database.prepare("DELETE FROM beyond WHERE generation = ? AND output = ?")
        try forget.bind(integer: row, at: 1)
        try forget.bind(text: output, at: 2)
        try forget.run()
        for range in ranges.beyond {
            let statement = try database.prepare("INSERT INTO beyond VALUES (?, ?, ?, ?)")
            try statement.bind(integer: row, at: 1)
            try statement.bind(text: output, at: 2)
            try statement.bind(integer: range.lowerBound, at: 3)
            try statement.bind(integer: range.upperBound, at: 4)
            try statement.run()
        }
    }

    func close() { try? database.checkpoint(isTruncating: true) }
}
