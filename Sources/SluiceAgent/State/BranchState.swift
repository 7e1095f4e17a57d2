// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceSQLite

/// Where the progress of an output that is not required begins: where it stood while it was one of several.
enum BranchState {
    /// Whether a folder has state.
    static func isThere(_ directory: String) -> Bool { unsafe access(directory + "/state.db", F_OK) == 0 }

    /// Makes the state of a branch out of the trunk's, if there is none yet. An output that is new gets what is read from
    /// now on, or all that is there (`from: beginning`).
    ///
    /// - Parameter trunk: the trunk's folder.
    static func prepare(_ directory: String, _ output: OutputOptions, trunk: String) throws(StateError) {
        let folder = try StateDirectory(directory)
        defer { withExtendedLifetime(folder) {} }
        guard !isThere(directory), isThere(trunk) else { return }
        let path = directory + "/state.db"
        // Only what is complete gets the name.
        let draft = path + ".new"
        for suffix in ["", "-wal", "-shm"] { unsafe unlink(draft + suffix) }
        do throws(SQLiteError) {
            let source = try SQLiteDatabase(path: trunk + "/state.db", access: .read)
            let isKnown = try isKnown(output.name, in: source)
            if output.startsAtBeginning, !isKnown { return }
            try copy(source, to: draft)
        } catch {
            throw .database(error)
        }
        try settle(draft, output.name)
        guard unsafe rename(draft, path) == 0 else {
            throw .directory(
                path: directory,
                reason: unsafe "'state.db' in it cannot be made (\(String(cString: strerror(errno))))"
            )
        }
    }

    private static func isKnown(_ output: String, in database: SQLiteDatabase) throws(SQLiteError) -> Bool {
        let rows = try database.prepare("SELECT 1 FROM progress WHERE output = ? LIMIT 1")
        defer { rows.reset() }
        try rows.bind(text: output, at: 1)
        return try rows.step()
    }

    private static func copy(_ source: SQLiteDatabase, to path: String) throws(SQLiteError) {
        // Made here, because SQLite would make it readable for everybody.
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        let statement = try source.prepareUncached("VACUUM INTO ?")
        try statement.bind(text: path, at: 1)
        try statement.run()
    }

    /// Leaves this output's progress alone. Dead letters stay where they are.
    private static func settle(_ path: String, _ output: String) throws(StateError) {
        let state = try StateDatabase(path: path)
        do {
            try state.database.transaction {
                let place = try state.database.prepare(
                    """
                    INSERT OR IGNORE INTO progress
                        SELECT generation, ?1, min(offset) FROM progress WHERE output <> ?1 GROUP BY generation
                    """
                )
                try place.bind(text: output, at: 1)
                try place.run()
                for table in ["progress", "beyond"] {
                    let others = try state.database.prepare("DELETE FROM \(table) WHERE output <> ?")
                    try others.bind(text: output, at: 1)
                    try others.run()
                }
                try state.database.execute("DELETE FROM dead_letters; DELETE FROM dead_letter_totals")
                // What has arrived here is under way no more.
                try state.database.execute(
                    """
                    DELETE FROM under_way WHERE range_end <=
                        (SELECT offset FROM progress WHERE progress.generation = under_way.generation)
                    """
                )
            }
            try state.database.checkpoint(isTruncating: true)
        } catch let error as SQLiteError {
            throw .database(error)
        } catch {
            throw .directory(path: path, reason: "\(error)")
        }
    }
}
