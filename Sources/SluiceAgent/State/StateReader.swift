// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// Reads a pipeline's state without being in anybody's way: an agent may be writing to it.
package struct StateReader {
    /// Of files, in the order in which they were met.
    package private(set) var generations: [Generation] = []
    /// What is in queues on the disk.
    package private(set) var queues: [QueueReport] = []
    /// When each row was written last, in nanoseconds since 1970.
    package private(set) var updated: [Int64: Int64] = [:]
    /// The dead letters of each output.
    package private(set) var deadLetters: [String: DeadLetterTotals] = [:]

    /// - Parameter directory: the pipeline's own.
    package init(directory: String) throws(StateError) {
        let path = directory + "/state.db"
        do {
            let database = try SQLiteDatabase(path: path, access: .read)
            let version = try Int(database.userVersion())
            if version > StateSchema.migrations.count { throw StateError.newerSchema(path: path, version: version) }
            if version < StateSchema.migrations.count { throw StateError.olderSchema(path: path, version: version) }
            let all = try StateDatabase(database).load()
            generations = all.values.filter { !$0.isOfQueue }.sorted { $0.row < $1.row }
            queues = try StateDatabase(database).loadQueues().reports { all[$0] }
            let rows = try database.prepare("SELECT row, updated FROM generations")
            while try rows.step() { updated[rows.integer(at: 0)] = rows.integer(at: 1) }
            deadLetters = try StateDatabase(database).letterTotals()
        } catch let error as StateError {
            throw error
        } catch let error as SQLiteError {
            throw .database(error)
        } catch {
            throw .directory(path: directory, reason: "\(error)")
        }
    }

    /// The dead letters of each output; none if the state cannot be read.
    static func deadLetters(in directory: String) -> [String: DeadLetterTotals] {
        guard let database = try? SQLiteDatabase(path: directory + "/state.db", access: .read) else { return [:] }
        return (try? StateDatabase(database).letterTotals()) ?? [:]
    }
}
