// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Writes one bulk request.
///
/// Sendable because it is handed from the request's task to the writer's thread and back, never used by both.
final class BulkJob: WriteJob, @unchecked Sendable {
    /// What became of an item.
    struct ItemOutcome: Sendable {
        var status: Int
        var version: Int64 = 0
        var sequence: Int64 = 0
        /// The id that was made.
        var key: [UInt8]?
        /// In responses: the index, or the backing index of a data stream.
        var index: String = ""
        var error: ElasticsearchError?
    }

    struct Outcome: Sendable {
        var items: [ItemOutcome] = []
        var stored = 0
        var duplicates = 0
        var refused = 0
        var bytes = 0
    }

    private let request: BulkRequest
    private var outcome = Outcome()
    private let continuation: CheckedContinuation<Outcome, any Error>

    init(_ request: BulkRequest, continuation: CheckedContinuation<Outcome, any Error>) {
        self.request = request
        self.continuation = continuation
    }

    func finish(_ result: Result<Void, any Error>) { continuation.resume(with: result.map { outcome }) }

    func apply(to session: WriteSession) throws {
        outcome = Outcome()
        outcome.items.reserveCapacity(request.items.count)
        let insert = try session.database.prepare(
            "INSERT OR IGNORE INTO documents (id, container, time, version, key, source) VALUES (?, ?, ?, 1, ?, ?)"
        )
        var states = [IndexState?](repeating: nil, count: request.indexes.count)
        for item in request.items {
            if let error = item.error {
                outcome.refused += 1
                outcome.items.append(
                    ItemOutcome(status: error.status, index: request.indexes[item.index].name, error: error)
                )
                continue
            }
            if item.action == .delete {
                try delete(item, session)
                continue
            }
            let state: IndexState
            if let known = states[item.index] {
                state = known
            } else {
                state = try session.indexes.findOrMake(request.indexes[item.index].name, now: session.now / 1000)
                states[item.index] = state
            }
            try write(item, to: state, insert, session)
        }
    }

    private func write(
        _ item: BulkRequest.Item,
        to state: IndexState,
        _ insert: SQLiteStatement,
        _ session: WriteSession
    ) throws {
        let id = session.nextID()
        let source = request.body.view(item.source)
        var result = ItemOutcome(status: 201, version: 1, index: state.concreteName)
        try insert.bind(integer: id, at: 1)
        try insert.bind(integer: state.id, at: 2)
        if let time = item.time { try insert.bind(integer: time, at: 3) } else { try insert.bindNull(at: 3) }
        try insert.bind(borrowedBlob: source, at: 5)
        if item.key.isEmpty {
            let key = DocumentKey.make(id)
            result.key = key
            try key.withByteView { view throws(SQLiteError) in try insert.bind(blob: view, at: 4) }
        } else {
            try insert.bind(borrowedBlob: request.keys.view(item.key), at: 4)
        }
        try insert.run()
        if session.database.changes == 0 {
            let key = request.keys.view(item.key)
            if item.action == .create {
                outcome.duplicates += 1
                result.status = 409
                result.error = ElasticsearchError(
                    409,
                    "version_conflict_engine_exception",
                    "[\(key.string)]: version conflict, document already exists (current version [1])",
                    index: state.concreteName
                )
                outcome.items.append(result)
                return
            }
            result.status = 200
            result.version = try replace(key, item, source, state, session)
        } else {
            state.documents += 1
            state.bytes += Int64(source.count)
        }
        result.sequence = state.sequence
        state.sequence += 1
        state.isChanged = true
        outcome.stored += 1
        outcome.bytes += source.count
        outcome.items.append(result)
    }

    /// Puts a document in another's place; returns its version.
    private func replace(
        _ key: ByteView,
        _ item: BulkRequest.Item,
        _ source: ByteView,
        _ state: IndexState,
        _ session: WriteSession
    ) throws(SQLiteError) -> Int64 {
        let select = try session.database.prepare(
            "SELECT id, version, length(source) FROM documents WHERE container = ? AND key = ?"
        )
        defer { select.reset() }
        try select.bind(integer: state.id, at: 1)
        try select.bind(borrowedBlob: key, at: 2)
        guard try select.step() else { return 1 }
        let version = select.integer(at: 1) + 1
        state.bytes += Int64(source.count) - select.integer(at: 2)
        let update = try session.database.prepare(
            "UPDATE documents SET version = ?, time = ?, source = ? WHERE id = ?"
        )
        try update.bind(integer: version, at: 1)
        if let time = item.time { try update.bind(integer: time, at: 2) } else { try update.bindNull(at: 2) }
        try update.bind(borrowedBlob: source, at: 3)
        try update.bind(integer: select.integer(at: 0), at: 4)
        select.reset()
        try update.run()
        return version
    }

    private func delete(_ item: BulkRequest.Item, _ session: WriteSession) throws {
        let name = request.indexes[item.index].name
        var result = ItemOutcome(status: 404, version: 1, index: name)
        if let state = try session.indexes.find(name) {
            result.index = state.concreteName
            let key = request.keys.view(item.key)
            let select = try session.database.prepare(
                "SELECT id, version, length(source) FROM documents WHERE container = ? AND key = ?"
            )
            defer { select.reset() }
            try select.bind(integer: state.id, at: 1)
            try select.bind(borrowedBlob: key, at: 2)
            if try select.step() {
                let id = select.integer(at: 0)
                result.status = 200
                result.version = select.integer(at: 1) + 1
                state.documents -= 1
                state.bytes -= select.integer(at: 2)
                select.reset()
                let delete = try session.database.prepare("DELETE FROM documents WHERE id = ?")
                try delete.bind(integer: id, at: 1)
                try delete.run()
            }
            result.sequence = state.sequence
            state.sequence += 1
            state.isChanged = true
        } else {
            result.error = .noIndex(name)
        }
        outcome.items.append(result)
    }
}
