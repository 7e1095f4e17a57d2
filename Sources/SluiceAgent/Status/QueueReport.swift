// SPDX-License-Identifier: Apache-2.0

/// What a queue on the disk holds, for an input that cannot be read again or that has `queue: disk`.
package struct QueueReport: Sendable, Equatable {
    /// Its input's.
    package var name: String
    /// By output: bytes that it has not said yes to, of the size that they have in the queue.
    package var unacknowledged: [String: Int64] = [:]

    package init(name: String) { self.name = name }

    /// What is there: the slowest output needs it.
    package var bytes: Int64 { unacknowledged.values.max() ?? 0 }
}
