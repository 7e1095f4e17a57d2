// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceSQLite
import Synchronization

/// The database, and the threads that work on it: one writes, a few read, a few decode what came in.
final class Store: Sendable {
    let tally = Tally()
    /// Templates, and which names are data streams.
    let kinds: IndexKinds
    let writer: Writer
    /// Each has a read connection of its own.
    let readers: WorkerPool<SQLiteDatabase>
    /// Each has its own decompression state and buffers.
    let decoders: WorkerPool<Decoder>
    private let directory: DataDirectory
    private let isStopped = Mutex(false)

    init(configuration: Receiver.Configuration, logger: Logger) throws {
        directory = try DataDirectory(path: configuration.dataDirectory)
        let path = directory.path + "/receiver.db"
        // Rows are some hundred bytes: larger pages hold more of them for each page written.
        let database = try SQLiteDatabase(path: path, pageSize: 8192)
        try StoreSchema.prepare(database)
        try database.execute("PRAGMA cache_size=-65536")
        // Moving pages from the log into the database syncs, so that it is done seldom: every 64 MiB.
        try database.execute("PRAGMA wal_autocheckpoint=8192")
        try database.execute("PRAGMA journal_size_limit=134217728")
        let kinds = try IndexKinds(database: database)
        self.kinds = kinds
        let session = try WriteSession(database: database, configuration: configuration, kinds: kinds)
        writer = try Writer(
            session: session,
            retention: Retention(configuration: configuration),
            logger: logger
        )
        readers = try WorkerPool(threads: 2) {
            let database = try SQLiteDatabase(path: path, access: .read)
            try database.execute("PRAGMA cache_size=-16384")
            return database
        }
        decoders = try WorkerPool(threads: 2) { Decoder(configuration: configuration, kinds: kinds) }
    }

    /// The same, for tasks: what blocks happens on a thread of its own.
    func stopWithoutBlocking() async {
        await withCheckedContinuation { continuation in
            do {
                _ = try BackgroundThread { [self] in
                    stop()
                    continuation.resume()
                }
            } catch {
                stop()
                continuation.resume()
            }
        }
    }

    /// Finishes what is being written and closes the database.
    func stop() {
        let isFirst = isStopped.withLock { stopped in
            defer { stopped = true }
            return !stopped
        }
        guard isFirst else { return }
        decoders.stop(waits: true)
        writer.stop()
        // Nobody waits for a question any more.
        readers.stop(waits: false)
        directory.release()
    }
}
