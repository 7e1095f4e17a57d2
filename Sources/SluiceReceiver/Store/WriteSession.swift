// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// The one connection that writes, and what is remembered from one transaction to the next.
///
/// Sendable because it is made by the store and from then on used by the writer's thread alone.
final class WriteSession: @unchecked Sendable {
    let database: SQLiteDatabase
    let configuration: Receiver.Configuration
    private var lastID: Int64
    /// The time of the transaction, in nanoseconds.
    private(set) var now: Int64 = 0
    let streams: StreamTable
    let indexes: IndexTable

    init(database: SQLiteDatabase, configuration: Receiver.Configuration, kinds: IndexKinds) throws {
        self.database = database
        self.configuration = configuration
        let last = try ["entries", "documents"].map { table in
            try database.query("SELECT max(id) FROM \(table)") { $0.integer(at: 0) } ?? 0
        }
        lastID = last.max() ?? 0
        streams = try StreamTable(database: database, configuration: configuration)
        indexes = try IndexTable(database: database, kinds: kinds)
    }

    /// Runs the jobs in one transaction.
    func commit(_ jobs: [any WriteJob]) throws {
        now = configuration.now()
        do {
            try database.transaction {
                for job in jobs { try job.apply(to: self) }
                try indexes.save()
            }
        } catch {
            // What was remembered may speak of rows that are not there.
            streams.forget()
            indexes.forget()
            throw error
        }
    }

    /// An id for the next row.
    func nextID() -> Int64 {
        lastID = max(lastID + 1, now / 1000)
        return lastID
    }
}
