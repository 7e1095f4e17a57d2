// SPDX-License-Identifier: Apache-2.0

/// What fills the queue of a branch: the same input of another pipeline, which says when nothing more comes.
final class FollowedSource: QueueSource, @unchecked Sendable {  // everything is under the lock
    private let lock = WaitLock()
    private var isOver = false

    func run(into queue: DurableQueue) {
        lock.withLock { while !isOver { lock.wait() } }
    }

    /// The input that is followed is stopped too, and may still hand on what it has.
    func stop() {}

    func end() {
        lock.withLock {
            isOver = true
            lock.wakeAll()
        }
    }
}
