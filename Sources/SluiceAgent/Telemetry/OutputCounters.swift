// SPDX-License-Identifier: Apache-2.0

package import Synchronization

/// What one output has done so far.
package final class OutputCounters: Sendable {
    package let name: String
    package let delivered = Atomic<Int>(0)
    package let duplicates = Atomic<Int>(0)
    package let deadLetters = Atomic<Int>(0)
    /// Events that it took, and put elsewhere than was asked: into Elasticsearch's failure store.
    package let redirected = Atomic<Int>(0)
    /// Events that were read again after a start, and that it had said yes to before.
    package let skipped = Atomic<Int>(0)
    /// Events that it was handed, and has not settled.
    package let eventsInFlight = Atomic<Int>(0)
    /// Events that its `when` keeps from it.
    package let unrouted = Atomic<Int>(0)
    /// Requests that were answered with a yes, at least in part.
    package let requests = Atomic<Int>(0)
    /// Requests that have to be sent again.
    package let retries = Atomic<Int>(0)
    /// Bytes of bodies, as they were sent and before compression.
    package let sentBytes = Atomic<Int>(0)
    package let plainBytes = Atomic<Int>(0)
    /// 1 while the output is failing.
    package let isFailing = Atomic<Int>(0)
    /// Requests under way.
    package let inFlight = Atomic<Int>(0)
    /// Nanoseconds since 1970: when it said yes last; 0 for never.
    package let lastDelivered = Atomic<Int64>(0)
    /// By limit of its destination, in the order of the output's `limits`.
    package let limits: [LimitCounter]
    private let ledger: EventLedger
    /// In the order of the configuration; one without a name if it has none.
    package let hosts: [HostCounters]
    private let trouble = Mutex<(since: Int64, reason: String)?>(nil)

    /// Since when it has failed, in nanoseconds since 1970, and why it did last; nil while it works.
    package var failure: (since: Int64, reason: String)? { trouble.withLock { $0 } }

    func fails(_ reason: String) {
        let now = SystemClock.now()
        trouble.withLock { $0 = ($0?.since ?? now, reason) }
    }

    func works() { trouble.withLock { $0 = nil } }

    /// Events are in flight no more: what became of them.
    func settle(delivered: Int = 0, duplicates: Int = 0, redirected: Int = 0, deadLetters: Int = 0) {
        ledger.inOneGo {
            self.delivered.add(delivered, ordering: .relaxed)
            self.duplicates.add(duplicates, ordering: .relaxed)
            self.redirected.add(redirected, ordering: .relaxed)
            self.deadLetters.add(deadLetters, ordering: .relaxed)
            eventsInFlight.subtract(delivered + duplicates + redirected + deadLetters, ordering: .relaxed)
        }
    }

    /// An event is not sent, because it is beyond a limit.
    ///
    /// - Returns: whether it is the first.
    func drop(_ limit: LimitCounter) -> Bool {
        ledger.inOneGo {
            eventsInFlight.subtract(1, ordering: .relaxed)
            return limit.dropped.add(1, ordering: .relaxed).oldValue == 0
        }
    }

    /// Events that are not sent, because the destination would refuse them.
    package var dropped: Int { limits.reduce(0) { $0 + $1.dropped.load(ordering: .relaxed) } }

    package init(
        name: String,
        limits: [String] = [],
        hosts: [HostCounters] = [],
        ledger: EventLedger = EventLedger()
    ) {
        self.name = name
        self.ledger = ledger
        self.hosts = hosts
        self.limits = limits.map { LimitCounter(name: $0) }
    }
}
