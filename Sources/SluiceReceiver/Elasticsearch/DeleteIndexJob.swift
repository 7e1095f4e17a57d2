// SPDX-License-Identifier: Apache-2.0

/// Deletes indices with all their documents.
///
/// Sendable because it is handed from the request's task to the writer's thread and back, never used by both.
final class DeleteIndexJob: WriteJob, @unchecked Sendable {
    private let names: [String]
    private let continuation: CheckedContinuation<Void, any Error>

    init(_ names: [String], continuation: CheckedContinuation<Void, any Error>) {
        self.names = names
        self.continuation = continuation
    }

    func apply(to session: WriteSession) throws {
        for name in names {
            if let state = try session.indexes.find(name) { try session.indexes.delete(state) }
        }
    }

    func finish(_ result: Result<Void, any Error>) { continuation.resume(with: result) }
}
