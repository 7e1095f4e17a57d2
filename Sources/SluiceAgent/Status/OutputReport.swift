// SPDX-License-Identifier: Apache-2.0

/// How one output stands.
package struct OutputReport: Sendable, Equatable {
    package var name: String
    /// Batches that were read and wait for it, and those that it is being sent.
    package var queued = 0
    package var inFlight = 0
    /// Events since the agent's start.
    package var delivered = 0
    package var duplicates = 0
    /// Pauses before another try, since the agent's start.
    package var retries = 0
    /// Events that it refused for good, as state has them.
    package var deadLetters: Int64 = 0
    /// Their bytes, and those that there was no room for, ever.
    package var deadLetterBytes: Int64 = 0
    package var droppedDeadLetters: Int64 = 0
    /// Events beyond limits of the destination, for each limit that there were some.
    package var limits: [LimitReport] = []
    /// Where it has addresses.
    package var hosts: [HostReport] = []
    /// Nanoseconds since 1970; nil while it works.
    package var failingSince: Int64?
    package var failure: String?
    /// Nanoseconds since 1970: when it said yes last.
    package var lastDelivered: Int64?
    /// Bytes of files that were read, and of queues on the disk, that it has not said yes to.
    package var unacknowledged: Int64 = 0

    package init(name: String) { self.name = name }

    /// Counts what it has not said yes to.
    mutating func count(_ files: [FileReport], _ queues: [QueueReport]) {
        unacknowledged = files.reduce(0) { $0 + max(0, $1.read - ($1.acknowledged[name] ?? $1.read)) }
        unacknowledged += queues.reduce(0) { $0 + ($1.unacknowledged[name] ?? 0) }
    }

    mutating func take(_ letters: DeadLetterTotals?) {
        deadLetters = letters?.letters ?? 0
        deadLetterBytes = letters?.bytes ?? 0
        droppedDeadLetters = letters?.dropped ?? 0
    }
}
