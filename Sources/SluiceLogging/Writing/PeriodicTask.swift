// SPDX-License-Identifier: Apache-2.0

/// Does something over and over on a thread of its own, until it is stopped.
final class PeriodicTask: @unchecked Sendable {  // everything is under the lock
    private let lock = WaitLock()
    private let stopping: WaitCondition
    private let interval: Int64
    private let work: @Sendable () -> Void
    private var isRunning = false
    private var isStopped = false

    /// - Parameters:
    ///   - interval: between the end of one turn and the next, in nanoseconds.
    ///   - work: must not keep alive whoever stops the task.
    init(interval: Int64, _ work: @escaping @Sendable () -> Void) {
        stopping = WaitCondition(lock)
        self.interval = max(1_000_000, interval)
        self.work = work
    }

    /// Starts the thread if there is none.
    ///
    /// - Returns: false if the system gives none; what is to be done must then be done otherwise.
    @discardableResult
    func start() -> Bool {
        lock.withLock {
            guard !isRunning, !isStopped else { return isRunning }
            isRunning = WorkThread.start { self.run() }
            return isRunning
        }
    }

    /// Lets the thread end soon; work that is under way is not waited for.
    func stop() {
        lock.withLock {
            isStopped = true
            stopping.wakeAll()
        }
    }

    private func run() {
        while true {
            let mustEnd = lock.withLock {
                if !isStopped { stopping.wait(nanoseconds: interval) }
                return isStopped
            }
            if mustEnd { return }
            work()
        }
    }

    /// A forked process has no thread but the one that forked.
    func resetAfterFork() {
        lock.reset()
        stopping.reset()
        isRunning = false
    }
}
