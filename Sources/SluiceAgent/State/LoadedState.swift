// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// A database that was opened, and what is in it.
struct LoadedState {
    let database: StateDatabase
    let generations: GenerationTable
    let queues: QueueBooks
    /// Bytes of dead letters that are kept.
    let letterBytes: Int64

    init(_ path: String) throws(StateError) {
        database = try StateDatabase(path: path)
        do throws(SQLiteError) {
            generations = GenerationTable(try database.load())
            queues = try database.loadQueues()
            letterBytes = try database.letterTotals().values.reduce(0) { $0 + $1.bytes }
        } catch {
            throw .database(error)
        }
    }
}
