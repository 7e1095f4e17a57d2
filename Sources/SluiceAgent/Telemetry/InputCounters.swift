// SPDX-License-Identifier: Apache-2.0

package import Synchronization

/// What one input, and the processors behind it, have done so far.
package final class InputCounters: Sendable {
    package let name: String
    package let events = Atomic<Int>(0)
    /// Events that were read, and have not been processed yet.
    let underWay = Atomic<Int>(0)
    package let bytes = Atomic<Int>(0)
    package let parseFailures = Atomic<Int>(0)
    /// Dropped by a rule.
    package let dropped = Atomic<Int>(0)
    /// Lines that were longer than allowed, and cut.
    package let truncated = Atomic<Int>(0)
    /// Files that were truncated, or written anew.
    package let truncations = Atomic<Int>(0)
    /// Files that took the name of another.
    package let rotations = Atomic<Int>(0)
    package let openFiles = Atomic<Int>(0)
    /// Files that cannot be read at present.
    package let failedFiles = Atomic<Int>(0)
    /// Bytes in its queue that some output has not said yes to, where it has a queue.
    package let queueBytes = Atomic<Int>(0)
    /// Datagrams that the queue had no room for, or that the system dropped because they came too fast.
    package let droppedDatagrams = Atomic<Int>(0)
    /// Messages that the queue of an output that is not required had no room for.
    package let overflow = Atomic<Int>(0)
    /// Bytes that were gone before every output had them.
    package let lostBytes = Atomic<Int>(0)
    /// Requests that were refused, for whatever reason.
    package let refusedRequests = Atomic<Int>(0)
    /// Connections that are open.
    package let connections = Atomic<Int>(0)

    package init(name: String) { self.name = name }

    /// Events were read.
    ///
    /// - Parameter unwanted: how many beside them were left out at once, by a rule.
    func read(_ count: Int, unwanted: Int = 0, _ ledger: EventLedger) {
        ledger.inOneGo {
            events.add(count + unwanted, ordering: .relaxed)
            dropped.add(unwanted, ordering: .relaxed)
            underWay.add(count, ordering: .relaxed)
        }
    }
}
