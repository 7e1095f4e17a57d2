// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Whether requests go at all")
struct CircuitBreakerTests {
    private static let second: Int64 = 1_000_000_000

    private func breaker(initial: Int64 = 10 * second, probes: Int = 1) -> CircuitBreaker {
        CircuitBreaker(backoff: Backoff(initial: initial, maximum: 60 * Self.second), probeLimit: probes)
    }

    @Test("It opens, probes once a second at most however long the backoff, and closes with the first success")
    func states() {
        var generator = LongestPauses()
        var breaker = breaker()
        #expect(breaker.isClosed && !breaker.mayProbe(now: 0))
        breaker.fails(now: 0, using: &generator)
        #expect(breaker.state == .open(until: Self.second))
        breaker.fails(now: 5, using: &generator)
        #expect(breaker.state == .open(until: Self.second), "what was under way is no news")
        #expect(!breaker.mayProbe(now: Self.second - 1))
        #expect(breaker.mayProbe(now: Self.second))
        breaker.probes()
        #expect(breaker.state == .probing(1) && !breaker.mayProbe(now: 100 * Self.second), "one at a time")
        breaker.fails(now: 3 * Self.second, using: &generator)
        #expect(breaker.state == .open(until: 4 * Self.second))
        breaker.probes()
        breaker.works()
        #expect(breaker.isClosed)
    }

    @Test("A short backoff is taken, doubles, and begins anew after a success")
    func shortBackoff() {
        var generator = LongestPauses()
        var breaker = breaker(initial: Self.second / 4)
        var pauses: [Int64] = []
        for round in 0..<4 {
            let now = Int64(round) * 10 * Self.second
            if round > 0 { breaker.probes() }
            breaker.fails(now: now, using: &generator)
            guard case .open(let until) = breaker.state else { return #expect(Bool(false), "it is not open") }
            pauses.append((until - now) * 4 / Self.second)
        }
        #expect(pauses == [1, 2, 4, 4], "quarters of a second")
        breaker.works()
        breaker.fails(now: 0, using: &generator)
        #expect(breaker.state == .open(until: Self.second / 4))
    }

    @Test("No pause is shorter than half of its limit")
    func half() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            var breaker = breaker()
            breaker.fails(now: 0, using: &random)
            #expect(!breaker.mayProbe(now: Self.second / 2 - 1))
            #expect(breaker.mayProbe(now: Self.second))
        }
    }

    @Test("A probe that nobody waits for any more makes room for another")
    func abandoned() {
        var generator = LongestPauses()
        var breaker = breaker()
        breaker.fails(now: 0, using: &generator)
        breaker.probes()
        breaker.abandonsProbe(now: 7 * Self.second)
        #expect(breaker.mayProbe(now: 7 * Self.second))
        breaker.works()
        breaker.abandonsProbe(now: 8 * Self.second)
        #expect(breaker.isClosed)
    }

    @Test("Several may ask at once where that is wanted")
    func several() {
        var generator = LongestPauses()
        var breaker = breaker(probes: 2)
        breaker.fails(now: 0, using: &generator)
        breaker.probes()
        #expect(breaker.mayProbe(now: Self.second))
        breaker.probes()
        #expect(!breaker.mayProbe(now: Self.second))
        breaker.abandonsProbe(now: Self.second)
        #expect(breaker.state == .probing(1))
    }
}
