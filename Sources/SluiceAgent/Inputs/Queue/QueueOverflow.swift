// SPDX-License-Identifier: Apache-2.0

/// `queue.when_full`: what becomes of messages that a queue has no room for.
enum QueueOverflow: String, CaseIterable, Sendable {
    /// Their sender waits, or is told to.
    case hold
    /// They are dropped, and counted.
    case dropNewest = "drop_newest"
}
