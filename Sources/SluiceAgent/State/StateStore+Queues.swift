// SPDX-License-Identifier: Apache-2.0

/// The queues of inputs that cannot be read again.
extension StateStore {
    /// Where the database is, for those who read queued parts.
    var databasePath: String { directory.path + "/state.db" }

    /// The queue of a name, which is made if there is none.
    ///
    /// - Parameter onRelease: is told, on any thread, up to where every output has said yes.
    func openQueue(
        _ name: String,
        onRelease: @escaping @Sendable (Int64) -> Void
    ) -> (book: QueueBooks.Book, generation: Generation) {
        let known = lock.withLock {
            guard let row = queues.books.values.first(where: { $0.name == name })?.row else { return nil as Int64? }
            queues.books[row]?.onRelease = onRelease
            return row
        }
        if let known {
            // An output that was added gets what comes from now on, and so far has no place here.
            adopt(known)
            if let generation = generation(known) {
                let book = lock.withLock {
                    // An output that held parts back may be gone.
                    _ = release(generation)
                    return queues.books[known]
                }
                if let book { return (book, generation) }
            }
        }
        let generation = beginGeneration(
            path: Generation.queuePrefix + name,
            device: 0,
            inode: 0,
            head: FileFingerprint(offset: 0, length: 0, hash: 0)
        )
        let book = QueueBooks.Book(row: generation.row, name: name, end: 0, released: 0, onRelease: onRelease)
        lock.withLock {
            queues.books[generation.row] = book
            changes.queues.books[generation.row] = book
        }
        return (book, generation)
    }

    /// The queues that hold something and belong to none of these inputs, with their bytes.
    func abandonedQueues(except names: Set<String>) -> [(name: String, bytes: Int64)] {
        lock.withLock {
            queues.books.values.filter { !names.contains($0.name) && $0.end > $0.released }
                .map { ($0.name, $0.end - $0.released) }.sorted { $0.0 < $1.0 }
        }
    }

    /// What the queues hold that an output has not said yes to.
    var queueReports: [QueueReport] { lock.withLock { queues.reports { generations[$0] } } }

    /// Puts parts into a queue, all in one transaction.
    ///
    /// - Parameter read: the stretches of files whose events they are: every output is done with them, in the same
    ///   transaction.
    /// - Returns: by what to wait for them, and where the queue ends then.
    func enqueue(
        _ row: Int64,
        _ parts: [QueuePart],
        read: [Departure] = []
    ) -> (ticket: UInt64, end: Int64) {
        lock.withLock {
            guard var book = queues.books[row] else { return (.max, 0) }
            for departure in read { settle(departure) }
            for part in parts where part.records.count > 0 || part.cursor != nil {
                changes.queues.parts.append((row, book.end, part))
                book.end += Int64(part.records.count)
                if let cursor = part.cursor { book.cursor = cursor }
            }
            queues.books[row] = book
            queues.enqueued += 1
            changes.queues.books[row] = book
            changes.queues.ticket = queues.enqueued
            if threadWaitsFor != .nothing { lock.wakeAll() }
            return (queues.enqueued, book.end)
        }
    }

    /// Waits until parts are on the disk. Blocks.
    ///
    /// - Parameter mayWait: whether there is still time to wait, asked now and then.
    /// - Returns: false if they may not be.
    func isQueued(ticket: UInt64, mayWait: () -> Bool) -> Bool {
        lock.withLock {
            while queues.committed < ticket {
                if isClosed || isAbandoned || !mayWait() { return false }
                lock.wait(nanoseconds: 100_000_000)
            }
            return true
        }
    }

    /// Notes how far every output has come in a queue. Called under the lock.
    ///
    /// - Returns: what to do once the lock is free.
    func release(_ generation: Generation?) -> (() -> Void)? {
        guard let generation, let book = queues.books[generation.row] else { return nil }
        let reached = outputs.map { generation.progress[$0]?.contiguous ?? 0 }.min() ?? 0
        guard reached > book.released else { return nil }
        queues.books[generation.row]?.released = reached
        changes.queues.released[generation.row] = reached
        return book.onRelease.map { tell in { tell(reached) } }
    }

    /// Notes that every output is done with a stretch of a file. Called under the lock.
    private func settle(_ departure: Departure) {
        let row = departure.row
        guard var generation = generations[row] else { return }
        for output in outputs { generation.progress[output, default: ByteRanges()].insert(departure.underWay.range) }
        changes.progress[row] = Set(outputs)
        if let anchor = departure.anchor, anchor.offset >= generation.anchor?.offset ?? 0 {
            generation.anchor = anchor
            changes.generations.insert(row)
        }
        generations[row] = generation
    }
}
