// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// The indices, as the writer remembers them.
final class IndexTable {
    private let database: SQLiteDatabase
    private var byName: [String: IndexState] = [:]
    private var byID: [Int64: IndexState] = [:]
    private var isLoaded = false
    private let kinds: IndexKinds

    init(database: SQLiteDatabase, kinds: IndexKinds) throws {
        self.database = database
        self.kinds = kinds
    }

    private func load() throws {
        guard !isLoaded else { return }
        let select = try database.prepare("SELECT id, name, created, documents, bytes, sequence, stream FROM indexes")
        defer { select.reset() }
        while try select.step() {
            let name = select.string(at: 1) ?? ""
            let state = IndexState(
                id: select.integer(at: 0),
                name: name,
                isDataStream: select.isNull(at: 6) ? IndexName.isDataStream(name) : select.integer(at: 6) != 0,
                created: select.integer(at: 2),
                documents: select.integer(at: 3),
                bytes: select.integer(at: 4),
                sequence: select.integer(at: 5)
            )
            byName[state.name] = state
            byID[state.id] = state
        }
        isLoaded = true
    }

    /// The index of this name; nil if there is none.
    func find(_ name: String) throws -> IndexState? {
        try load()
        return byName[name]
    }

    var all: [IndexState] {
        get throws {
            try load()
            return Array(byName.values)
        }
    }

    /// The index of this name, made if it is not there.
    ///
    /// - Parameter now: microseconds since 1970.
    func findOrMake(_ name: String, now: Int64) throws -> IndexState {
        if let state = try find(name) { return state }
        let insert = try database.prepare(
            "INSERT INTO indexes (name, created, documents, bytes, sequence, stream) VALUES (?, ?, 0, 0, 0, ?)"
        )
        let isDataStream = kinds.isDataStream(name)
        try insert.bind(text: name, at: 1)
        try insert.bind(integer: now, at: 2)
        try insert.bind(integer: isDataStream ? 1 : 0, at: 3)
        try insert.run()
        let state = IndexState(
            id: database.lastInsertRowID,
            name: name,
            isDataStream: isDataStream,
            created: now,
            documents: 0,
            bytes: 0,
            sequence: 0
        )
        byName[name] = state
        byID[state.id] = state
        kinds.exists(name, isDataStream: isDataStream)
        return state
    }

    /// Takes documents off an index's counts.
    func remove(documents: Int64, bytes: Int64, fromIndex id: Int64) {
        guard (try? load()) != nil, let state = byID[id] else { return }
        state.documents -= documents
        state.bytes -= bytes
        state.isChanged = true
    }

    /// Deletes an index with all its documents.
    func delete(_ state: IndexState) throws {
        for sql in ["DELETE FROM documents WHERE container = ?", "DELETE FROM indexes WHERE id = ?"] {
            let delete = try database.prepare(sql)
            try delete.bind(integer: state.id, at: 1)
            try delete.run()
        }
        byName[state.name] = nil
        byID[state.id] = nil
        kinds.isGone(state.name)
    }

    /// Writes the counts that have changed.
    func save() throws {
        for state in byName.values where state.isChanged {
            let update = try database.prepare(
                "UPDATE indexes SET documents = ?, bytes = ?, sequence = ? WHERE id = ?"
            )
            try update.bind(integer: state.documents, at: 1)
            try update.bind(integer: state.bytes, at: 2)
            try update.bind(integer: state.sequence, at: 3)
            try update.bind(integer: state.id, at: 4)
            try update.run()
            state.isChanged = false
        }
    }

    /// Forgets everything; it is read again from the database.
    func forget() {
        byName = [:]
        byID = [:]
        isLoaded = false
    }
}
