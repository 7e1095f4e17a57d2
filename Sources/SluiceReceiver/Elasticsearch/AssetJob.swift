// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Keeps or drops a template, a policy or a pipeline.
///
/// Sendable because it is handed from the request's task to the writer's thread and back, never used by both.
final class AssetJob: WriteJob, @unchecked Sendable {
    enum Change: Sendable {
        /// The body as it came, and whether it may be put in another's place.
        case put(JSONValue, overwrites: Bool)
        case delete
    }

    private let kind: AssetKind
    private let name: String
    private let change: Change
    private let kinds: IndexKinds
    private var isDone = false
    private let continuation: CheckedContinuation<Bool, any Error>

    /// - Parameter continuation: is told whether something was changed.
    init(
        _ kind: AssetKind,
        _ name: String,
        _ change: Change,
        kinds: IndexKinds,
        continuation: CheckedContinuation<Bool, any Error>
    ) {
        self.kind = kind
        self.name = name
        self.change = change
        self.kinds = kinds
        self.continuation = continuation
    }

    func apply(to session: WriteSession) throws {
        switch change {
        case .put(let body, let overwrites):
            let verb = overwrites ? "INSERT OR REPLACE" : "INSERT OR IGNORE"
            let insert = try session.database.prepare("\(verb) INTO assets (kind, name, body) VALUES (?, ?, ?)")
            try insert.bind(text: kind.rawValue, at: 1)
            try insert.bind(text: name, at: 2)
            let bytes = body.bytes
            try withExtendedLifetime(bytes) { () throws(SQLiteError) in try insert.bind(blob: bytes.view, at: 3) }
            try insert.run()
        case .delete:
            let delete = try session.database.prepare("DELETE FROM assets WHERE kind = ? AND name = ?")
            try delete.bind(text: kind.rawValue, at: 1)
            try delete.bind(text: name, at: 2)
            try delete.run()
        }
        isDone = session.database.changes > 0
        guard isDone, kind == .indexTemplate else { return }
        // At once, since what waits behind it may make an index. If the commit fails, it is put again.
        if case .put(let body, _) = change { kinds.keep(name, body) } else { kinds.keep(name, nil) }
    }

    func finish(_ result: Result<Void, any Error>) { continuation.resume(with: result.map { isDone }) }
}
