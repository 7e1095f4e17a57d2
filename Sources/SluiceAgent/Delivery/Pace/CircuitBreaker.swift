// SPDX-License-Identifier: Apache-2.0

/// Whether requests go at all: while nothing works, one a second at most asks whether it does again. Decides, and has no
/// clock: times are nanoseconds of any that is not set.
package struct CircuitBreaker: Sendable {
    package enum State: Equatable, Sendable {
        /// Requests go.
        case closed
        /// None goes before this time; then a probe does.
        case open(until: Int64)
        /// So many probes are under way.
        case probing(Int)
    }

    package private(set) var state = State.closed
    private var backoff: Backoff
    private let probeLimit: Int

    /// While nothing works, it is tried this often, however long the backoff: nanoseconds.
    package static let probeInterval: Int64 = 1_000_000_000

    /// - Parameters:
    ///   - backoff: between probes, as far as it is shorter than a second.
    ///   - probeLimit: how many requests ask at once.
    package init(backoff: Backoff, probeLimit: Int = 1) {
        self.backoff = backoff
        self.probeLimit = max(1, probeLimit)
    }

    package var isClosed: Bool { state == .closed }

    /// Nothing works any more, or a probe has failed.
    package mutating func fails(now: Int64, using generator: inout some RandomNumberGenerator) {
        // What was under way when it opened fails as well, and is no news.
        if case .open = state { return }
        let pause = backoff.nextFromHalf(using: &generator)
        state = .open(until: now.adding(min(pause, Self.probeInterval)))
    }

    /// Whether a probe may go now.
    package func mayProbe(now: Int64) -> Bool {
        switch state {
        case .closed: false
        case .open(let until): until <= now
        case .probing(let count): count < probeLimit
        }
    }

    package mutating func probes() {
        if case .probing(let count) = state {
            state = .probing(count + 1)
        } else {
            state = .probing(1)
        }
    }

    /// A probe came to nothing, neither good nor bad: another may go.
    package mutating func abandonsProbe(now: Int64) {
        guard case .probing(let count) = state else { return }
        state = count > 1 ? .probing(count - 1) : .open(until: now)
    }

    /// Something works.
    package mutating func works() {
        state = .closed
        backoff.reset()
    }
}
