// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Writes one push.
///
/// Sendable because it is handed from the request's task to the writer's thread and back, never used by both.
final class LokiPushJob: WriteJob, @unchecked Sendable {
    /// What became of the push.
    struct Outcome: Sendable {
        var stored = 0
        var duplicates = 0
        var refused = 0
        var bytes = 0
        /// What Loki's distributor and ingester would say.
        var distributorErrors: [String] = []
        var ingesterErrors: [String] = []
        var hasTooManyStreams = false
    }

    private let push: LokiPush
    private var outcome = Outcome()
    private let continuation: CheckedContinuation<Outcome, any Error>

    init(_ push: LokiPush, continuation: CheckedContinuation<Outcome, any Error>) {
        self.push = push
        self.continuation = continuation
    }

    func finish(_ result: Result<Void, any Error>) {
        continuation.resume(with: result.map { outcome })
    }

    func apply(to session: WriteSession) throws {
        outcome = Outcome(refused: push.refusedEntries, distributorErrors: push.errors)
        for stream in push.streams { try apply(stream, to: session) }
    }

    private func apply(_ stream: LokiPush.Stream, to session: WriteSession) throws {
        let limits = session.configuration.loki
        let now = session.now / 1000
        guard let state = try session.streams.stream(stream.labels, tenant: push.tenant, now: now) else {
            outcome.hasTooManyStreams = true
            outcome.refused += stream.entries.count
            outcome.ingesterErrors.append(
                "Maximum active stream limit exceeded when trying to create stream \(stream.labels.labels), "
                    + "reduce the number of active streams (reduce labels or reduce label values), or contact your "
                    + "Loki administrator to see if the limit can be increased, user: '\(push.tenant)'"
            )
            return
        }
        state.lastAppend = now
        let insert = try session.database.prepare(
            "INSERT OR IGNORE INTO entries (id, stream, ns, hash, copy, line, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        try insert.bind(integer: state.id, at: 2)
        let isHeadBlockOnly = session.configuration.deduplication == .headBlock
        let lag = limits.maximumLagSeconds.map { $0 * 1_000_000_000 }
        var tooFarBehind: [(entry: Int64, cutoff: Int64)] = []
        for entry in push.entries[stream.entries] {
            if let lag, let newest = state.newest, entry.nanoseconds < newest - lag {
                tooFarBehind.append((entry.nanoseconds, newest - lag))
                continue
            }
            let line = push.line(entry)
            let metadata = push.metadata(entry)
            let key = StreamState.EntryKey(nanoseconds: entry.nanoseconds, hash: entry.hash)
            if isHeadBlockOnly, state.holds(key) {
                outcome.duplicates += 1
                continue
            }
            try insert.bind(integer: session.nextID(), at: 1)
            try insert.bind(integer: entry.nanoseconds, at: 3)
            try insert.bind(integer: Int64(bitPattern: entry.hash), at: 4)
            try insert.bind(integer: 0, at: 5)
            try insert.bind(borrowedBlob: line, at: 6)
            if metadata.isEmpty {
                try insert.bindNull(at: 7)
            } else {
                try insert.bind(borrowedBlob: metadata, at: 7)
            }
            try insert.run()
            if session.database.changes == 0 {
                // There is one with the same hash: the same, or one of the rare others.
                let copies = try lookUp(state.id, entry, line, metadata, session.database)
                if copies.hasSame, !isHeadBlockOnly {
                    outcome.duplicates += 1
                    continue
                }
                try insert.bind(integer: copies.next, at: 5)
                try insert.run()
            }
            if isHeadBlockOnly { state.append(key, bytes: line.count + metadata.count) }
            if entry.nanoseconds > state.newest ?? Int64.min { state.newest = entry.nanoseconds }
            outcome.stored += 1
            outcome.bytes += line.count
        }
        if !tooFarBehind.isEmpty { refuse(tooFarBehind, of: stream) }
    }

    private func lookUp(
        _ stream: Int64,
        _ entry: LokiPush.Entry,
        _ line: ByteView,
        _ metadata: ByteView,
        _ database: SQLiteDatabase
    ) throws(SQLiteError) -> (hasSame: Bool, next: Int64) {
        let select = try database.prepare(
            "SELECT copy, line, metadata FROM entries WHERE stream = ? AND ns = ? AND hash = ?"
        )
        defer { select.reset() }
        try select.bind(integer: stream, at: 1)
        try select.bind(integer: entry.nanoseconds, at: 2)
        try select.bind(integer: Int64(bitPattern: entry.hash), at: 3)
        var result = (hasSame: false, next: Int64(0))
        while try select.step() {
            result.next = max(result.next, select.integer(at: 0) + 1)
            if select.bytes(at: 1) == line, select.bytes(at: 2) == metadata { result.hasSame = true }
        }
        return result
    }

    /// Says it as Loki's ingester does: the first ten, then how many.
    private func refuse(_ entries: [(entry: Int64, cutoff: Int64)], of stream: LokiPush.Stream) {
        let arena = ByteArena(capacity: 1024)
        for (entry, cutoff) in entries.prefix(10) {
            arena.append("entry with timestamp ")
            Timestamp.write(entry, fractionDigits: 9, to: arena)
            arena.append(" ignored, reason: 'entry too far behind, entry timestamp is: ")
            Timestamp.write(entry, fractionDigits: 9, to: arena)
            arena.append(", oldest acceptable timestamp is: ")
            Timestamp.write(cutoff, fractionDigits: 9, to: arena)
            arena.append("',\n")
        }
        arena.append(
            "user '\(push.tenant)', total ignored: \(entries.count) out of \(stream.entries.count) "
                + "for stream: \(stream.labels.labels)"
        )
        outcome.ingesterErrors.append(arena.string)
        outcome.refused += entries.count
    }
}
