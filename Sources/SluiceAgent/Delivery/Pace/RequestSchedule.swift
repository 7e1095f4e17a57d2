// SPDX-License-Identifier: Apache-2.0

/// Which request goes when, and to which host. Decides, and does no input or output; times are nanoseconds of
/// any clock that is not set.
///
/// The oldest batch goes first. A request that failed goes at once to another host that works; where there is none, it
/// waits as long as its backoff says. While no host works, one request a second asks, and all others wait for its answer.
/// A request keeps its ticket when it is sent again, whole or in part.
package struct RequestSchedule: Sendable {
    private struct Waiting {
        var ticket: UInt64
        var batch: UInt64
        var bytes: Int
        var events: Int
    }

    /// What happened to a request that was not taken.
    private struct Trouble {
        var batch: UInt64
        var backoff: Backoff
        /// Hosts that it has failed at since its last pause.
        var tried: [Int] = []
        var restsUntil = Int64.min
    }

    /// What comes after a request.
    package enum Sequel: Equatable, Sendable {
        case done
        /// The rest goes to another host as soon as there is room.
        case elsewhere
        /// The rest waits.
        case later
    }

    package private(set) var hosts: HostSelection
    package private(set) var breaker: CircuitBreaker
    private var rate: RateLimit
    private let backoff: Backoff
    /// No request of a batch begins while one before it is in trouble.
    private let keepsOrder: Bool
    private var waiting: [Waiting] = []
    private var troubles: [UInt64: Trouble] = [:]

    /// - Parameter backoff: of each request that fails everywhere.
    package init(
        hosts: HostSelection,
        breaker: CircuitBreaker,
        rate: RateLimit,
        backoff: Backoff,
        keepsOrder: Bool
    ) {
        self.hosts = hosts
        self.breaker = breaker
        self.rate = rate
        self.backoff = backoff
        self.keepsOrder = keepsOrder
    }

    /// A request wants to go.
    package mutating func add(ticket: UInt64, batch: UInt64, bytes: Int, events: Int) {
        let place = waiting.firstIndex { ($0.batch, $0.ticket) > (batch, ticket) } ?? waiting.endIndex
        waiting.insert(Waiting(ticket: ticket, batch: batch, bytes: bytes, events: events), at: place)
    }

    /// A request does not want to go any more.
    package mutating func remove(ticket: UInt64) { waiting.removeAll { $0.ticket == ticket } }

    /// Nothing more comes of a request.
    ///
    /// - Returns: whether others may go now that it is out of the way.
    package mutating func settled(ticket: UInt64) -> Bool { troubles.removeValue(forKey: ticket) != nil }

    /// The next request that can go now. It counts as under way.
    package mutating func next(now: Int64) -> RequestGrant? {
        guard !waiting.isEmpty, rate.opensAt <= now else { return nil }
        guard breaker.isClosed else { return nextProbe(now: now) }
        let first = firstInTrouble
        for (index, request) in waiting.enumerated() {
            if let first, request.batch > first { break }
            let trouble = troubles.isEmpty ? nil : troubles[request.ticket]
            if let trouble, trouble.restsUntil > now { continue }
            let tried = trouble?.tried ?? []
            if let choice = hosts.choose(besides: tried, now: now) { return begin(index, choice, now: now) }
            // Where this one finds no room, none does.
            if tried.isEmpty { break }
        }
        return nil
    }

    /// When it is worth to ask `next` again although nothing else has happened; nil if that would not help.
    package func wakeTime(now: Int64) -> Int64? {
        if waiting.isEmpty { return nil }
        if rate.opensAt > now { return rate.opensAt }
        switch breaker.state {
        case .probing: return nil
        case .open(let until):
            let time = max(until, hosts.patience)
            return time > now ? time : nil
        case .closed:
            let rests = troubles.values.map(\.restsUntil).filter { $0 > now }.min()
            return [rests, hosts.nextAskable(after: now)].compactMap(\.self).min()
        }
    }

    /// A request has ended.
    package mutating func finished(
        _ grant: RequestGrant,
        _ outcome: RequestOutcome,
        now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> Sequel {
        hosts.ends(grant.choice)
        switch outcome {
        case .abandoned:
            if grant.choice.isProbe { breaker.abandonsProbe(now: now) }
            return .done
        case .taken:
            hosts.succeeded(grant.host, after: now - grant.started, bytes: grant.bytes, now: now)
            close(now: now)
            troubles[grant.ticket] = nil
            return .done
        case .partly:
            hosts.succeeded(grant.host, after: now - grant.started, bytes: grant.bytes, now: now)
            hosts.isOverloaded(grant.choice, now: now)
            close(now: now)
            troubles[grant.ticket] = nil
            rest(grant, now: now, using: &generator)
            return .later
        case .failed(let failure, let patience):
            hosts.failed(
                grant.choice,
                failure,
                started: grant.started,
                patience: patience.map { now.adding($0) },
                now: now,
                using: &generator
            )
            if !hosts.works, breaker.isClosed || grant.choice.isProbe { breaker.fails(now: now, using: &generator) }
            let trouble = Trouble(batch: grant.batch, backoff: backoff)
            troubles[grant.ticket, default: trouble].tried.append(grant.host)
            if breaker.isClosed, hosts.hasOther(than: troubles[grant.ticket]?.tried ?? []) { return .elsewhere }
            rest(grant, now: now, using: &generator)
            return .later
        }
    }

    private var firstInTrouble: UInt64? { keepsOrder ? troubles.values.map(\.batch).min() : nil }

    /// A request asks whether anything works again. Not always the same: one alone may be what fails.
    private mutating func nextProbe(now: Int64) -> RequestGrant? {
        guard breaker.mayProbe(now: now), let choice = hosts.choiceForProbe(now: now) else { return nil }
        let order = waiting.indices.map { index in
            (rest: keepsOrder ? .min : troubles[waiting[index].ticket]?.restsUntil ?? .min, index: index)
        }
        guard let first = order.min(by: { $0 < $1 }) else { return nil }
        // Until it is there, nothing goes before it.
        if let trouble = firstInTrouble, waiting[first.index].batch > trouble { return nil }
        breaker.probes()
        return begin(first.index, choice, now: now)
    }

    private mutating func begin(_ index: Int, _ choice: HostSelection.Choice, now: Int64) -> RequestGrant {
        let request = waiting.remove(at: index)
        hosts.begins(choice)
        rate.take(bytes: request.bytes, events: request.events, now: now)
        return RequestGrant(
            ticket: request.ticket,
            batch: request.batch,
            choice: choice,
            started: now,
            bytes: request.bytes
        )
    }

    private mutating func rest(_ grant: RequestGrant, now: Int64, using generator: inout some RandomNumberGenerator) {
        var trouble = troubles[grant.ticket] ?? Trouble(batch: grant.batch, backoff: backoff)
        trouble.tried = []
        trouble.restsUntil = now.adding(trouble.backoff.next(using: &generator))
        troubles[grant.ticket] = trouble
    }

    /// Something works: whoever waited because nothing did goes on at once.
    private mutating func close(now: Int64) {
        guard !breaker.isClosed, hosts.works else { return }
        breaker.works()
        hosts.areWorthAsking(now: now)
        for ticket in troubles.keys {
            troubles[ticket]?.restsUntil = .min
            troubles[ticket]?.backoff.reset()
        }
    }
}
