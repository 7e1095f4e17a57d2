// SPDX-License-Identifier: Apache-2.0

/// A few threads that do blocking work for tasks, each with something of its own (a read connection, a decoder).
final class WorkerPool<Context>: Sendable {
    private typealias Job = @Sendable (Result<Context, any Error>) -> Void

    private let queue = BlockingQueue<Job>()
    private let threads: [BackgroundThread]

    /// - Parameter makeContext: called on each thread when its first job comes, and again after a failure.
    init(threads count: Int, makeContext: @escaping @Sendable () throws -> Context) throws {
        let queue = queue
        threads = try (0..<count).map { _ in
            try BackgroundThread {
                var context: Result<Context, any Error>?
                while let job = queue.next() {
                    let current: Result<Context, any Error>
                    if case .success = context, let context {
                        current = context
                    } else {
                        current = Result { try makeContext() }
                    }
                    context = current
                    job(current)
                }
            }
        }
    }

    /// Runs `body` on one of the threads.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Context) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = queue.push { context in
                continuation.resume(with: Result { try body(try context.get()) })
            }
            if !isTaken { continuation.resume(throwing: ReceiverError.stopping) }
        }
    }

    /// Takes no more work, and ends the threads when they have done what waits.
    ///
    /// - Parameter waits: returns when they have ended.
    func stop(waits: Bool) {
        queue.close()
        if waits { for thread in threads { thread.join() } }
    }
}
