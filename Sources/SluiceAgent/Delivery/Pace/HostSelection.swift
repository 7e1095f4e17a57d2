// SPDX-License-Identifier: Apache-2.0

/// Which host gets the next request. Decides, and has no clock: times are nanoseconds of any that is not set.
///
/// Balanced, it is the one with the least under way, by turns where they are equal, so that a slow host does not hold
/// the others. Not balanced, one host gets all until it fails, and then the next one that works.
package struct HostSelection: Sendable {
    package struct Choice: Equatable, Sendable {
        package var host: Int
        /// It was set aside, and this request asks how it is.
        package var isProbe: Bool

        package init(host: Int, isProbe: Bool = false) {
            self.host = host
            self.isProbe = isProbe
        }
    }

    package private(set) var hosts: [HostHealth]
    private let balances: Bool
    /// The host that was chosen last; not balanced, the one in use.
    private var current: Int

    /// - Parameter hosts: one at least.
    package init(_ hosts: [HostHealth], balances: Bool) {
        self.hosts = hosts
        self.balances = balances
        current = balances ? hosts.count - 1 : 0
    }

    /// Whether there is a host that gets requests as they come.
    package var works: Bool { hosts.contains(where: \.works) }

    /// How many requests may be under way in all.
    package var limit: Int {
        let limits = hosts.map(\.concurrency.limit)
        return balances ? limits.reduce(0, +) : limits.max() ?? 1
    }

    /// How many there can ever be.
    package var maximum: Int {
        let limits = hosts.map(\.concurrency.maximum)
        return balances ? limits.reduce(0, +) : limits.max() ?? 1
    }

    /// The host for a request, while some host works; nil if it has to wait.
    ///
    /// - Parameter tried: hosts that it comes from. They get it only if no other works.
    package mutating func choose(besides tried: [Int], now: Int64) -> Choice? {
        if balances {
            for number in hosts.indices where !tried.contains(number) {
                if let time = hosts[number].askableFrom, time <= now { return Choice(host: number, isProbe: true) }
            }
        }
        let candidates = candidates(besides: tried)
        guard let host = candidates.filter({ !hosts[$0].isFull }).min(by: isBetter) else {
            for number in candidates { hosts[number].concurrency.isReached() }
            return nil
        }
        current = host
        return Choice(host: host)
    }

    /// The host that is asked first while none works; nil if all want to be left alone, or are being asked.
    package func choiceForProbe(now: Int64) -> Choice? {
        let askable = hosts.indices.filter { hosts[$0].askableFrom != nil && hosts[$0].patience <= now }
        let first = askable.min { (hosts[$0].askableFrom ?? .max) < (hosts[$1].askableFrom ?? .max) }
        return first.map { Choice(host: $0, isProbe: true) }
    }

    /// Whether a request that comes from these hosts can go to another one that works.
    package func hasOther(than tried: [Int]) -> Bool {
        guard balances else { return hosts[current].works && !tried.contains(current) }
        return hosts.indices.contains { hosts[$0].works && !tried.contains($0) }
    }

    /// When a host that was set aside can be asked next, after `now`; nil if none can just by waiting.
    package func nextAskable(after now: Int64) -> Int64? {
        hosts.compactMap(\.askableFrom).filter { $0 > now }.min()
    }

    /// When the first host will have been left alone for as long as it wants.
    package var patience: Int64 { hosts.map(\.patience).min() ?? .min }

    package mutating func begins(_ choice: Choice) { hosts[choice.host].begins(isProbe: choice.isProbe) }

    package mutating func ends(_ choice: Choice) { hosts[choice.host].ends(isProbe: choice.isProbe) }

    /// A host has answered, and taken something.
    package mutating func succeeded(_ host: Int, after duration: Int64, bytes: Int, now: Int64) {
        hosts[host].succeeded(now: now)
        hosts[host].concurrency.answered(after: duration, bytes: bytes, now: now)
        if !balances, !hosts[current].works, hosts[host].works { current = host }
    }

    /// A host did not take a request. Those under way that fail with it move nothing twice.
    package mutating func failed(
        _ choice: Choice,
        _ failure: HostFailure,
        started: Int64,
        patience: Int64?,
        now: Int64,
        using generator: inout some RandomNumberGenerator
    ) {
        if failure.isOverload { isOverloaded(choice, now: now) }
        hosts[choice.host].failed(failure, started: started, patience: patience, now: now, using: &generator)
        guard !balances, !hosts[current].works else { return }
        let ring = hosts.indices.map { (current + $0) % hosts.count }
        current = ring.first { hosts[$0].works } ?? current
    }

    /// A host would do better with fewer requests at once.
    package mutating func isOverloaded(_ choice: Choice, now: Int64) {
        // A probe is alone, and says nothing about many.
        if !choice.isProbe { hosts[choice.host].concurrency.refused(now: now) }
    }

    /// Something works again: all that were set aside are asked.
    package mutating func areWorthAsking(now: Int64) {
        for number in hosts.indices { hosts[number].isWorthAsking(now: now) }
    }

    private func candidates(besides tried: [Int]) -> [Int] {
        guard balances else { return hosts[current].works ? [current] : [] }
        let working = hosts.indices.filter { hosts[$0].works }
        let others = working.filter { !tried.contains($0) }
        return others.isEmpty ? working : others
    }

    private func isBetter(_ left: Int, _ right: Int) -> Bool {
        if hosts[left].inFlight != hosts[right].inFlight { return hosts[left].inFlight < hosts[right].inFlight }
        func turn(_ number: Int) -> Int { (number - current - 1 + hosts.count) % hosts.count }
        return turn(left) < turn(right)
    }
}
