// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

extension StateDatabase {
    func loadQueues() throws(SQLiteError) -> QueueBooks {
        var queues = QueueBooks()
        let rows = try database.prepare("SELECT name, generation, range_end, cursor FROM queues")
        while try rows.step() {
            let row = rows.integer(at: 1)
            queues.books[row] = QueueBooks.Book(
                row: row,
                name: rows.string(at: 0) ?? "",
                end: rows.integer(at: 2),
                released: 0,
                cursor: rows.string(at: 3)
            )
        }
        let firsts = try database.prepare("SELECT generation, min(range_start) FROM queued GROUP BY generation")
        var released: [Int64: Int64] = [:]
        while try firsts.step() { released[firsts.integer(at: 0)] = firsts.integer(at: 1) }
        for (row, book) in queues.books { queues.books[row]?.released = released[row] ?? book.end }
        return queues
    }

    /// Inside the transaction of a commit.
    func write(_ changes: QueueChanges) throws(SQLiteError) {
        for book in changes.books.values {
            let statement = try database.prepare("INSERT OR REPLACE INTO queues VALUES (?, ?, ?, ?)")
            try statement.bind(text: book.name, at: 1)
            try statement.bind(integer: book.row, at: 2)
            try statement.bind(integer: book.end, at: 3)
            if let cursor = book.cursor { try statement.bind(text: cursor, at: 4) }
            try statement.run()
        }
        for (row, start, part) in changes.parts {
            let statement = try database.prepare("INSERT INTO queued VALUES (?, ?, ?, ?, ?)")
            try statement.bind(integer: row, at: 1)
            try statement.bind(integer: start, at: 2)
            try statement.bind(integer: start + Int64(part.records.count), at: 3)
            try statement.bind(integer: part.time, at: 4)
            try statement.bind(borrowedBlob: part.records.view, at: 5)
            try statement.run()
            // Nothing borrowed stays bound.
            statement.clearBindings()
        }
        for (row, end) in changes.released {
            let statement = try database.prepare("DELETE FROM queued WHERE generation = ? AND range_end <= ?")
            try statement.bind(integer: row, at: 1)
            try statement.bind(integer: end, at: 2)
            try statement.run()
        }
    }
}
