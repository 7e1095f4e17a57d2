// SPDX-License-Identifier: Apache-2.0

/// How one host fares: what is under way there, and whether it is set aside for a while. Decides, and has no clock: times
/// are nanoseconds of any that is not set.
package struct HostHealth: Sendable {
    /// What makes a host be set aside, and how it is asked then.
    package struct Rules: Sendable, Equatable {
        /// Failures in a row that are borne with, if it answers: one request's trouble may be its own.
        package var toleratedAnswers = 1
        /// The same, if it does not.
        package var toleratedSilences = 0
        /// How many requests ask at once whether it works again.
        package var probeLimit = 1

        package init() {}
    }

    package var concurrency: AdaptiveConcurrency
    /// Requests under way.
    package private(set) var inFlight = 0
    /// Set aside until then, and asked after that; nil while it works.
    package private(set) var restsUntil: Int64?
    /// It has asked not to be sent anything until then.
    package private(set) var patience = Int64.min
    /// Why it was set aside last.
    private var reason = HostFailure.failing
    private var restsSince = Int64.min
    private var failures = 0
    private var probes = 0
    private var backoff: Backoff
    private let rules: Rules

    package init(concurrency: AdaptiveConcurrency, backoff: Backoff, rules: Rules = Rules()) {
        self.concurrency = concurrency
        self.backoff = backoff
        self.rules = rules
    }

    /// Whether it gets requests as they come.
    package var works: Bool { restsUntil == nil }
    /// What has too much to do is well all the same.
    package var isHealthy: Bool { works || reason == .loaded }
    package var isFull: Bool { inFlight >= concurrency.limit }

    /// From when on a request may ask how it is; nil while it works or is being asked.
    package var askableFrom: Int64? {
        guard let restsUntil, probes < rules.probeLimit else { return nil }
        return max(restsUntil, patience)
    }

    /// A request goes there.
    package mutating func begins(isProbe: Bool) {
        inFlight += 1
        if isProbe { probes += 1 }
    }

    /// A request has ended, whatever became of it.
    package mutating func ends(isProbe: Bool) {
        inFlight -= 1
        if isProbe { probes -= 1 }
    }

    /// It has answered, and taken something. What it asked for before, it gets all the same.
    package mutating func succeeded(now: Int64) {
        failures = 0
        backoff.reset()
        if patience <= now { restsUntil = nil }
    }

    /// A request was not taken.
    ///
    /// - Parameters:
    ///   - started: when it went there.
    ///   - patience: the host asked not to be sent anything until then.
    package mutating func failed(
        _ failure: HostFailure,
        started: Int64,
        patience: Int64?,
        now: Int64,
        using generator: inout some RandomNumberGenerator
    ) {
        if let patience { self.patience = max(self.patience, patience) }
        // What went before it was set aside fails as well, and is no news.
        if restsUntil != nil, started < restsSince { return }
        failures += 1
        let tolerated = failure.isAnswered ? rules.toleratedAnswers : rules.toleratedSilences
        guard restsUntil != nil || failures > tolerated || self.patience > now else { return }
        var pause = backoff.nextFromHalf(using: &generator)
        // What answers is there, and is asked again before long.
        if failure.isAnswered { pause = min(pause, CircuitBreaker.probeInterval) }
        reason = failure
        restsSince = now
        restsUntil = now.adding(pause)
    }

    /// Others work again, so that it may, too: it is asked as soon as it wants to be.
    package mutating func isWorthAsking(now: Int64) {
        guard let restsUntil else { return }
        self.restsUntil = min(restsUntil, now)
        backoff.reset()
    }
}
