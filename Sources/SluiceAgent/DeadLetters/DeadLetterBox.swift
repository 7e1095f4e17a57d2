// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// The dead letters of a pipeline, for a person. An agent may be at work beside it: each change is a transaction of its
/// own, and what an agent knows of letters it counts anew when it has no room.
package final class DeadLetterBox {
    private let database: SQLiteDatabase
    private let lock: DeadLetterLock?

    /// Looks, and is in nobody's way.
    ///
    /// - Parameter directory: the pipeline's folder.
    package convenience init(reading directory: String) throws(StateError) {
        try self.init(directory, access: .read, lock: nil)
    }

    /// Changes; one at a time.
    package convenience init(changing directory: String) throws(StateError) {
        let lock = try DeadLetterLock(directory: directory)
        // A running agent has brought the schema to its own version.
        if !StatePipelines.isHeld(directory) {
            do throws(StateError) {
                let folder = try StateDirectory(directory)
                _ = try StateDatabase(path: directory + "/state.db")
                withExtendedLifetime(folder) {}
            } catch {
                // An agent that was started at this moment does it.
                guard case .locked = error else { throw error }
            }
        }
        try self.init(directory, access: .write, lock: lock)
    }

    private init(_ directory: String, access: SQLiteDatabase.Access, lock: DeadLetterLock?) throws(StateError) {
        let path = directory + "/state.db"
        self.lock = lock
        let version: Int
        do throws(SQLiteError) {
            // What was delivered is known after a power cut, too.
            database = try SQLiteDatabase(path: path, access: access, synchronous: .full)
            version = try Int(database.userVersion())
        } catch {
            throw .database(error)
        }
        if version > StateSchema.migrations.count { throw .newerSchema(path: path, version: version) }
        if version < StateSchema.migrations.count { throw .olderSchema(path: path, version: version) }
    }

    // MARK: Looking

    private static let columns = """
        number, output, identifier, path, offset, time, status, reason, input, flags, fields, refused, length(text)
        """

    /// Those that a filter includes, without their texts, the newest first.
    package func list(_ filter: DeadLetterFilter) throws -> [KeptDeadLetter] {
        let rows = try database.prepare("SELECT \(Self.columns) FROM dead_letters ORDER BY number DESC")
        defer { rows.reset() }
        var letters: [KeptDeadLetter] = []
        while try rows.step() {
            let kept = Self.read(rows)
            if filter.includes(kept) { letters.append(kept) }
        }
        return letters
    }

    /// One with its text; nil if there is none of this number.
    package func letter(_ number: Int64) throws -> KeptDeadLetter? {
        let rows = try database.prepare("SELECT \(Self.columns), text FROM dead_letters WHERE number = ?")
        defer { rows.reset() }
        try rows.bind(integer: number, at: 1)
        guard try rows.step() else { return nil }
        var kept = Self.read(rows)
        kept.letter.text = rows.bytes(at: 13).array
        return kept
    }

    private static func read(_ row: SQLiteStatement) -> KeptDeadLetter {
        var letter = DeadLetter(
            output: row.string(at: 1) ?? "",
            identifier: row.string(at: 2) ?? "",
            path: row.string(at: 3) ?? "",
            offset: row.integer(at: 4),
            time: row.integer(at: 5),
            status: Int(row.integer(at: 6)),
            reason: row.string(at: 7) ?? "",
            text: []
        )
        letter.input = row.string(at: 8) ?? ""
        letter.flags = UInt16(truncatingIfNeeded: row.integer(at: 9))
        letter.fields = row.string(at: 10) ?? "{}"
        letter.refused = row.integer(at: 11)
        return KeptDeadLetter(number: row.integer(at: 0), letter: letter, byteCount: row.integer(at: 12))
    }

    // MARK: Changing

    /// Takes letters away, all in one transaction. One whose number has another letter by now stays.
    ///
    /// - Returns: how many were there.
    package func remove(_ letters: [KeptDeadLetter]) throws -> Int {
        try settle(delivered: letters, refused: [], now: 0)
    }

    /// Notes what became of letters that were sent again, all in one transaction: those that arrived are taken away,
    /// those that were refused stay, with what was said of them now.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Returns: how many were taken away.
    @discardableResult
    func settle(delivered: [KeptDeadLetter], refused: [KeptDeadLetter], now: Int64) throws -> Int {
        try database.transaction {
            var count = 0
            for kept in delivered {
                let statement = try database.prepare(
                    "DELETE FROM dead_letters WHERE number = ? AND identifier = ? AND output = ?"
                )
                try statement.bind(integer: kept.number, at: 1)
                try statement.bind(text: kept.letter.identifier, at: 2)
                try statement.bind(text: kept.letter.output, at: 3)
                try statement.run()
                count += database.changes
            }
            for kept in refused {
                let statement = try database.prepare(
                    """
                    UPDATE dead_letters SET status = ?3, reason = ?4, refused = ?5, size = ?6
                    WHERE number = ?1 AND identifier = ?2 AND output = ?7
                    """
                )
                try statement.bind(integer: kept.number, at: 1)
                try statement.bind(text: kept.letter.identifier, at: 2)
                try statement.bind(integer: Int64(kept.letter.status), at: 3)
                try statement.bind(text: kept.letter.reason, at: 4)
                try statement.bind(integer: now, at: 5)
                try statement.bind(integer: kept.letter.size, at: 6)
                try statement.bind(text: kept.letter.output, at: 7)
                try statement.run()
            }
            return count
        }
    }
}
