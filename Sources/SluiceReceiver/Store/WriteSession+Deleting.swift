// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

extension WriteSession {
    /// Bytes of the database that hold something.
    func usedBytes() throws(SQLiteError) -> Int64 {
        func pragma(_ name: String) throws(SQLiteError) -> Int64 {
            try database.query("PRAGMA \(name)") { $0.integer(at: 0) } ?? 0
        }
        return try (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
    }

    /// Deletes Loki's entries from before an instant; true if some were deleted.
    func deleteEntries(before cutoff: Int64, limit: Int64) throws -> Bool {
        try database.transaction {
            var left = limit
            for stream in try streamIDs() where left > 0 {
                let delete = try database.prepare(
                    """
                    DELETE FROM entries WHERE id IN
                    (SELECT id FROM entries WHERE stream = ? AND ns < ? LIMIT ?)
                    """
                )
                try delete.bind(integer: stream, at: 1)
                try delete.bind(integer: cutoff, at: 2)
                try delete.bind(integer: left, at: 3)
                try delete.run()
                let deleted = Int64(database.changes)
                left -= deleted
                if deleted > 0 { try deleteStreamIfEmpty(stream) }
            }
            return left < limit
        }
    }

    /// Deletes Elasticsearch's documents that arrived up to an instant (in microseconds); true if some were deleted.
    func deleteDocuments(arrivedUpTo cutoff: Int64, limit: Int64) throws -> Bool {
        do {
            return try database.transaction {
                let count = try deleteDocumentRows(arrivedUpTo: cutoff, limit: limit)
                try indexes.save()
                return count > 0
            }
        } catch {
            indexes.forget()
            throw error
        }
    }

    /// Deletes what arrived first, entries and documents alike; true if there was something.
    func deleteOldest(limit: Int64) throws -> Bool {
        do {
            return try database.transaction {
                let select = try database.prepare(
                    """
                    SELECT max(id) FROM (
                        SELECT id FROM (
                            SELECT id FROM (SELECT id FROM entries ORDER BY id LIMIT ?1)
                            UNION ALL SELECT id FROM (SELECT id FROM documents ORDER BY id LIMIT ?1)
                        ) ORDER BY id LIMIT ?1
                    )
                    """
                )
                try select.bind(integer: limit, at: 1)
                guard try select.step(), !select.isNull(at: 0) else {
                    select.reset()
                    return false
                }
                let cutoff = select.integer(at: 0)
                select.reset()
                let touched = try database.prepare("SELECT DISTINCT stream FROM entries WHERE id <= ?")
                try touched.bind(integer: cutoff, at: 1)
                var streams: [Int64] = []
                while try touched.step() { streams.append(touched.integer(at: 0)) }
                touched.reset()
                let delete = try database.prepare("DELETE FROM entries WHERE id <= ?")
                try delete.bind(integer: cutoff, at: 1)
                try delete.run()
                for stream in streams { try deleteStreamIfEmpty(stream) }
                _ = try deleteDocumentRows(arrivedUpTo: cutoff, limit: limit)
                try indexes.save()
                return true
            }
        } catch {
            indexes.forget()
            throw error
        }
    }

    private func deleteDocumentRows(arrivedUpTo cutoff: Int64, limit: Int64) throws -> Int {
        let chosen = "SELECT id FROM documents WHERE id <= ?1 ORDER BY id LIMIT ?2"
        let count = try database.prepare(
            """
            SELECT container, count(*), sum(length(source)) FROM documents WHERE id IN (\(chosen)) GROUP BY container
            """
        )
        try count.bind(integer: cutoff, at: 1)
        try count.bind(integer: limit, at: 2)
        while try count.step() {
            indexes.remove(
                documents: count.integer(at: 1),
                bytes: count.integer(at: 2),
                fromIndex: count.integer(at: 0)
            )
        }
        count.reset()
        let delete = try database.prepare("DELETE FROM documents WHERE id IN (\(chosen))")
        try delete.bind(integer: cutoff, at: 1)
        try delete.bind(integer: limit, at: 2)
        try delete.run()
        return database.changes
    }

    private func streamIDs() throws -> [Int64] {
        let select = try database.prepare("SELECT id FROM streams")
        defer { select.reset() }
        var ids: [Int64] = []
        while try select.step() { ids.append(select.integer(at: 0)) }
        return ids
    }

    private func deleteStreamIfEmpty(_ stream: Int64) throws {
        let delete = try database.prepare(
            "DELETE FROM streams WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM entries WHERE stream = ?1)"
        )
        try delete.bind(integer: stream, at: 1)
        try delete.run()
        if database.changes > 0 { streams.forget() }
    }
}
