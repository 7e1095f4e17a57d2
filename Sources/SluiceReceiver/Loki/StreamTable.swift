// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// The streams that entries are being appended to, as the writer remembers them.
final class StreamTable {
    private struct Key: Hashable {
        var tenant: String
        var labels: [UInt8]
    }

    private let database: SQLiteDatabase
    private let limits: LokiLimits
    private var streams: [Key: StreamState] = [:]
    private var activeCounts: [String: Int] = [:]

    init(database: SQLiteDatabase, configuration: Receiver.Configuration) throws {
        self.database = database
        limits = configuration.loki
    }

    /// The stream with these labels, made if it is not there; nil if the tenant has too many.
    ///
    /// - Parameter now: microseconds since 1970.
    func stream(_ labels: StreamLabels, tenant: String, now: Int64) throws -> StreamState? {
        let key = Key(tenant: tenant, labels: labels.json)
        if let state = streams[key] {
            if now - state.lastAppend > StreamState.idleMicroseconds { state.becomeIdle() }
            return state
        }
        if activeCounts[tenant, default: 0] >= limits.maximumActiveStreams {
            dropIdle(now: now)
            if activeCounts[tenant, default: 0] >= limits.maximumActiveStreams { return nil }
        }
        let state = StreamState(id: try identifier(key), lastAppend: now)
        let newest = try database.prepare("SELECT ns, id FROM entries WHERE stream = ? ORDER BY ns DESC LIMIT 1")
        try newest.bind(integer: state.id, at: 1)
        if try newest.step(), now - newest.integer(at: 1) <= StreamState.idleMicroseconds {
            state.newest = newest.integer(at: 0)
        }
        newest.reset()
        streams[key] = state
        activeCounts[tenant, default: 0] += 1
        return state
    }

    private func identifier(_ key: Key) throws(SQLiteError) -> Int64 {
        let select = try database.prepare("SELECT id FROM streams WHERE tenant = ? AND labels = ?")
        defer { select.reset() }
        try select.bind(text: key.tenant, at: 1)
        try key.labels.withByteView { view throws(SQLiteError) in try select.bind(text: view, at: 2) }
        if try select.step() { return select.integer(at: 0) }
        let insert = try database.prepare("INSERT INTO streams (tenant, labels) VALUES (?, ?)")
        try insert.bind(text: key.tenant, at: 1)
        try key.labels.withByteView { view throws(SQLiteError) in try insert.bind(text: view, at: 2) }
        try insert.run()
        return database.lastInsertRowID
    }

    private func dropIdle(now: Int64) {
        streams = streams.filter { now - $0.value.lastAppend <= StreamState.idleMicroseconds }
        activeCounts = [:]
        for key in streams.keys { activeCounts[key.tenant, default: 0] += 1 }
    }

    /// Forgets everything; it is read again from the database.
    func forget() {
        streams = [:]
        activeCounts = [:]
    }
}
