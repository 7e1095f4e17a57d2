// SPDX-License-Identifier: Apache-2.0

/// A periodic task that there may be none of, and that is started when there is first something to do.
final class LazyTask: @unchecked Sendable {  // `task` is set before anybody else sees the object
    private var task: PeriodicTask?

    /// - Parameter work: must not keep alive whoever holds this.
    func set(interval: Duration, _ work: @escaping @Sendable () -> Void) {
        task = PeriodicTask(interval: interval.nanoseconds, work)
    }

    /// - Returns: whether it runs.
    @discardableResult
    func start() -> Bool { task?.start() ?? false }

    func stop() { task?.stop() }

    func resetAfterFork() { task?.resetAfterFork() }
}

extension Duration {
    /// Whole nanoseconds, as far as they can be counted.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max / 2 }
        return product &+ attoseconds / 1_000_000_000
    }
}
