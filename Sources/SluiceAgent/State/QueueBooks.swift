// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What state knows of the queues of inputs that cannot be read again. A queue is like a file whose bytes are kept in
/// `state.db`: a generation, offsets that only grow, and bytes that are deleted once every output has said yes to them.
struct QueueBooks {
    struct Book {
        var row: Int64
        var name: String
        /// Where the next part begins.
        var end: Int64
        /// Every output has said yes to what is before this.
        var released: Int64
        /// Where in its own bookkeeping the sender was after the last part, if it has one.
        var cursor: String?
        /// Is told how far outputs have come.
        var onRelease: (@Sendable (Int64) -> Void)?
    }

    /// By the row of the generation.
    var books: [Int64: Book] = [:]
    /// The newest part that was put in, and the newest that is on the disk.
    var enqueued: UInt64 = 0
    var committed: UInt64 = 0

    var isEmpty: Bool { books.isEmpty }

    /// What they hold, by name.
    func reports(_ generation: (Int64) -> Generation?) -> [QueueReport] {
        books.values.sorted { $0.name < $1.name }.map { book in
            var report = QueueReport(name: book.name)
            for (output, progress) in generation(book.row)?.progress ?? [:] {
                let beyond = progress.beyond.reduce(0) { $0 + Int64($1.count) }
                report.unacknowledged[output] = max(0, book.end - progress.contiguous - beyond)
            }
            return report
        }
    }
}

/// A stretch of a queue: records that came together.
struct QueuePart: @unchecked Sendable {  // nobody writes to the records any more
    var records: ByteArena
    /// When they came: nanoseconds since 1970.
    var time: Int64
    var cursor: String?
}

/// What has changed in queues and not been committed yet.
struct QueueChanges {
    var parts: [(row: Int64, start: Int64, part: QueuePart)] = []
    /// New queues, and those whose end or cursor has moved.
    var books: [Int64: QueueBooks.Book] = [:]
    /// Up to where parts can be deleted.
    var released: [Int64: Int64] = [:]
    /// The newest part among `parts`.
    var ticket: UInt64 = 0

    var isEmpty: Bool { parts.isEmpty && books.isEmpty && released.isEmpty }
}
