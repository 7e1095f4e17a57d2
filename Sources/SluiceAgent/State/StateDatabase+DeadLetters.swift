// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// The tables `dead_letters` and `dead_letter_totals`, whose sums triggers keep.
extension StateDatabase {
    /// By output; those that never had any are missing.
    func letterTotals() throws(SQLiteError) -> [String: DeadLetterTotals] {
        var totals: [String: DeadLetterTotals] = [:]
        let rows = try database.prepare(
            "SELECT output, letters, bytes, dropped FROM dead_letter_totals WHERE letters > 0 OR dropped > 0"
        )
        defer { rows.reset() }
        while try rows.step() {
            var total = DeadLetterTotals()
            total.letters = rows.integer(at: 1)
            total.bytes = rows.integer(at: 2)
            total.dropped = rows.integer(at: 3)
            totals[rows.string(at: 0) ?? ""] = total
        }
        return totals
    }

    /// Keeps letters, as far as there is room. Inside the transaction of a commit.
    func write(_ letters: [DeadLetter], now: Int64) throws(SQLiteError) {
        droppedLetters = [:]
        guard !letters.isEmpty else { return }
        var kept = try letterTotals().values.reduce(0) { $0 + $1.bytes }
        for letter in letters {
            guard try insert(letter, now: now) else { continue }
            if letterOptions.whenFull == .dropNewest, kept > 0, kept + letter.size > letterOptions.maximumBytes {
                try delete(database.lastInsertRowID, output: letter.output)
            } else {
                kept += letter.size
            }
        }
        if letterOptions.whenFull == .dropOldest { try dropOldest(kept) }
        for (output, count) in droppedLetters {
            let statement = try database.prepare("UPDATE dead_letter_totals SET dropped = dropped + ? WHERE output = ?")
            try statement.bind(integer: Int64(count), at: 1)
            try statement.bind(text: output, at: 2)
            try statement.run()
        }
    }

    private func dropOldest(_ bytes: Int64) throws(SQLiteError) {
        var kept = bytes
        while kept > letterOptions.maximumBytes {
            let oldest = try database.prepare(
                """
                SELECT number, output, size FROM dead_letters
                WHERE number < (SELECT max(number) FROM dead_letters) ORDER BY number LIMIT 1
                """
            )
            guard try oldest.step() else { return }
            let (number, output, size) = (oldest.integer(at: 0), oldest.string(at: 1) ?? "", oldest.integer(at: 2))
            oldest.reset()
            try delete(number, output: output)
            kept -= size
        }
    }

    private func delete(_ number: Int64, output: String) throws(SQLiteError) {
        let statement = try database.prepare("DELETE FROM dead_letters WHERE number = ?")
        try statement.bind(integer: number, at: 1)
        try statement.run()
        droppedLetters[output, default: 0] += 1
    }

    /// - Returns: false if it is there already.
    private func insert(_ letter: DeadLetter, now: Int64) throws(SQLiteError) -> Bool {
        let statement = try database.prepare(
            """
            INSERT INTO dead_letters
                (output, identifier, path, offset, time, status, reason, text, input, flags, fields, refused, size)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (output, identifier) DO NOTHING
            """
        )
        try statement.bind(text: letter.output, at: 1)
        try statement.bind(text: letter.identifier, at: 2)
        try statement.bind(text: letter.path, at: 3)
        try statement.bind(integer: letter.offset, at: 4)
        try statement.bind(integer: letter.time, at: 5)
        try statement.bind(integer: Int64(letter.status), at: 6)
        try statement.bind(text: letter.reason, at: 7)
        try letter.text.withByteView { (text) throws(SQLiteError) in try statement.bind(blob: text, at: 8) }
        try statement.bind(text: letter.input, at: 9)
        try statement.bind(integer: Int64(letter.flags), at: 10)
        try statement.bind(text: letter.fields, at: 11)
        try statement.bind(integer: letter.refused == 0 ? now : letter.refused, at: 12)
        try statement.bind(integer: letter.size, at: 13)
        try statement.run()
        return database.changes > 0
    }
}
