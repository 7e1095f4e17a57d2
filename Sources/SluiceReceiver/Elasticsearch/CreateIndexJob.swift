// SPDX-License-Identifier: Apache-2.0

/// Makes an empty index.
///
/// Sendable because it is handed from the request's task to the writer's thread and back, never used by both.
final class CreateIndexJob: WriteJob, @unchecked Sendable {
    private let name: String
    private var isNew = false
    private let continuation: CheckedContinuation<Bool, any Error>

    /// - Parameter continuation: is told whether the index was not there before.
    init(_ name: String, continuation: CheckedContinuation<Bool, any Error>) {
        self.name = name
        self.continuation = continuation
    }

    func apply(to session: WriteSession) throws {
        isNew = try session.indexes.find(name) == nil
        if isNew { _ = try session.indexes.findOrMake(name, now: session.now / 1000) }
    }

    func finish(_ result: Result<Void, any Error>) { continuation.resume(with: result.map { isNew }) }
}
