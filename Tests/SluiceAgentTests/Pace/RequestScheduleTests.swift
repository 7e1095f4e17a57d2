// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Which request goes when, and where")
struct RequestScheduleTests {
    private static let second: Int64 = 1_000_000_000
    private static let silent = RequestOutcome.failed(.silent, patience: nil)
    private static let loaded = RequestOutcome.failed(.loaded, patience: nil)

    private func schedule(
        hosts: Int = 1,
        limit: Int = 4,
        keepsOrder: Bool = false,
        rate: RateLimit = RateLimit(bytes: nil, events: nil)
    ) -> RequestSchedule {
        // Requests rest longer than the breaker, so that it shows which of them is waited for.
        let backoff = Backoff(initial: 20 * Self.second, maximum: 60 * Self.second)
        let host = HostHealth(concurrency: AdaptiveConcurrency(fixed: limit), backoff: backoff)
        return RequestSchedule(
            hosts: HostSelection(Array(repeating: host, count: hosts), balances: true),
            breaker: CircuitBreaker(backoff: backoff),
            rate: rate,
            backoff: backoff,
            keepsOrder: keepsOrder
        )
    }

    private func add(_ schedule: inout RequestSchedule, _ batches: ClosedRange<UInt64>) {
        for batch in batches { schedule.add(ticket: batch, batch: batch, bytes: 1000, events: 10) }
    }

    /// What goes now.
    private func next(_ schedule: inout RequestSchedule, now: Int64) -> [RequestGrant] {
        var grants: [RequestGrant] = []
        while let grant = schedule.next(now: now) { grants.append(grant) }
        return grants
    }

    private func finish(
        _ schedule: inout RequestSchedule,
        _ grant: RequestGrant,
        _ outcome: RequestOutcome,
        now: Int64
    ) -> RequestSchedule.Sequel {
        var generator = LongestPauses()
        let sequel = schedule.finished(grant, outcome, now: now, using: &generator)
        if sequel != .done { schedule.add(ticket: grant.ticket, batch: grant.batch, bytes: 1000, events: 10) }
        return sequel
    }

    @Test("The oldest batch first, as many as may be under way")
    func order() {
        var schedule = schedule()
        schedule.add(ticket: 9, batch: 9, bytes: 1, events: 1)
        add(&schedule, 3...6)
        let grants = next(&schedule, now: 0)
        #expect(grants.map(\.batch) == [3, 4, 5, 6])
        #expect(schedule.wakeTime(now: 0) == nil, "only an answer makes room")
        #expect(finish(&schedule, grants[1], .taken, now: 1) == .done)
        #expect(next(&schedule, now: 1).map(\.batch) == [9])
    }

    @Test("A request that fails at one host goes at once to another, without backoff")
    func elsewhere() {
        var schedule = schedule(hosts: 3)
        add(&schedule, 1...1)
        let first = next(&schedule, now: 0)[0]
        #expect(first.host == 0)
        #expect(finish(&schedule, first, Self.silent, now: 5) == .elsewhere)
        let second = next(&schedule, now: 5)[0]
        #expect(second.host == 1)
        #expect(finish(&schedule, second, Self.loaded, now: 6) == .elsewhere)
        let third = next(&schedule, now: 6)[0]
        #expect(third.host == 2)
        #expect(finish(&schedule, third, .taken, now: 7) == .done)
        #expect(schedule.breaker.isClosed)
    }

    @Test("What no host takes waits as long as its backoff says, while other requests go on")
    func refusedEverywhere() {
        var schedule = schedule(hosts: 2)
        add(&schedule, 1...1)
        #expect(finish(&schedule, next(&schedule, now: 0)[0], Self.loaded, now: 1) == .elsewhere)
        #expect(finish(&schedule, next(&schedule, now: 1)[0], Self.loaded, now: 2) == .later)
        #expect(next(&schedule, now: 3).isEmpty)
        #expect(schedule.wakeTime(now: 3) == 2 + 20 * Self.second)
        add(&schedule, 2...3)
        let others = next(&schedule, now: 3)
        #expect(others.map(\.batch) == [2, 3])
        for grant in others { #expect(finish(&schedule, grant, .taken, now: 4) == .done) }
        #expect(next(&schedule, now: 2 + 20 * Self.second).map(\.batch) == [1])
    }

    @Test("While no host works one request a second asks, the others wait, and the first success lets all go")
    func breaker() {
        var schedule = schedule(limit: 8)
        add(&schedule, 1...4)
        for grant in next(&schedule, now: 0) { #expect(finish(&schedule, grant, Self.silent, now: 1) == .later) }
        add(&schedule, 5...9)
        var asked: [UInt64] = []
        var requests = 0
        var now: Int64 = 1
        // Two minutes, looked at ten times a second.
        for _ in 0..<1200 {
            now += Self.second / 10
            for grant in next(&schedule, now: now) {
                requests += 1
                asked.append(grant.batch)
                #expect(grant.choice.isProbe)
                #expect(finish(&schedule, grant, Self.silent, now: now) == .later)
            }
        }
        #expect((100...121).contains(requests), "\(requests)")
        #expect(Set(asked).count == 9, "not always the same one asks, as it may be what fails")
        #expect(schedule.wakeTime(now: now).map { $0 <= now + Self.second } == true)
        now += Self.second
        let probe = next(&schedule, now: now)
        #expect(probe.count == 1)
        #expect(finish(&schedule, probe[0], .taken, now: now) == .done)
        #expect(next(&schedule, now: now).count == 8, "nobody sits his backoff out")
    }

    @Test("A host that works again is heard of by those that were set aside with it")
    func allComeBack() {
        var schedule = schedule(hosts: 3)
        add(&schedule, 1...3)
        for grant in next(&schedule, now: 0) { _ = finish(&schedule, grant, Self.silent, now: 1) }
        #expect(!schedule.breaker.isClosed)
        let probe = next(&schedule, now: 1 + Self.second)
        #expect(probe.count == 1)
        _ = finish(&schedule, probe[0], .taken, now: 2 * Self.second)
        add(&schedule, 4...6)
        let asked = next(&schedule, now: 2 * Self.second).filter(\.choice.isProbe)
        #expect(Set(asked.map(\.host)).count == 2, "the other two are asked at once")
    }

    @Test("Two that fail at once at the only host that works open the breaker once")
    func twoAtOnce() {
        var schedule = schedule()
        add(&schedule, 1...2)
        let grants = next(&schedule, now: 0)
        _ = finish(&schedule, grants[0], Self.silent, now: 1)
        let state = schedule.breaker.state
        _ = finish(&schedule, grants[1], Self.silent, now: 2)
        #expect(schedule.breaker.state == state)
    }

    @Test("A success that was under way closes the breaker")
    func lateSuccess() {
        var schedule = schedule()
        add(&schedule, 1...2)
        let grants = next(&schedule, now: 0)
        _ = finish(&schedule, grants[0], Self.silent, now: 1)
        #expect(next(&schedule, now: 2).isEmpty)
        _ = finish(&schedule, grants[1], .taken, now: 3)
        #expect(next(&schedule, now: 3).map(\.batch) == [1])
    }

    @Test("Retry-After is waited for, of each host its own")
    func patience() {
        let patient = RequestOutcome.failed(.loaded, patience: 30 * Self.second)
        var one = schedule()
        add(&one, 1...2)
        let grants = next(&one, now: 0)
        #expect(finish(&one, grants[0], patient, now: 1) == .later)
        _ = finish(&one, grants[1], .taken, now: 2)
        #expect(next(&one, now: 29 * Self.second).isEmpty)
        #expect(one.wakeTime(now: 29 * Self.second) == 1 + 30 * Self.second)
        #expect(next(&one, now: 1 + 30 * Self.second).map(\.batch) == [1])

        var two = schedule(hosts: 2)
        add(&two, 1...1)
        #expect(finish(&two, next(&two, now: 0)[0], patient, now: 1) == .elsewhere)
        add(&two, 2...9)
        #expect(Set(next(&two, now: 2 * Self.second).map(\.host)) == [1])
    }

    @Test("In order, no batch begins while one before it is in trouble; others do not wait for it")
    func keepsOrder() {
        var schedule = schedule(limit: 3, keepsOrder: true)
        add(&schedule, 1...6)
        let grants = next(&schedule, now: 0)
        #expect(grants.map(\.batch) == [1, 2, 3])
        #expect(finish(&schedule, grants[1], Self.loaded, now: 1) == .later)
        #expect(next(&schedule, now: 2).isEmpty, "4 would overtake 2")
        _ = finish(&schedule, grants[0], .taken, now: 3)
        _ = finish(&schedule, grants[2], .taken, now: 4)
        #expect(next(&schedule, now: 5).isEmpty)
        schedule.add(ticket: 1, batch: 1, bytes: 1, events: 1)
        #expect(next(&schedule, now: 6).map(\.batch) == [1], "what comes before it goes")
        let again = next(&schedule, now: 30 * Self.second)
        #expect(again.map(\.batch) == [2])
        _ = finish(&schedule, again[0], .taken, now: 31 * Self.second)
        #expect(next(&schedule, now: 31 * Self.second).map(\.batch) == [4, 5])

        var free = self.schedule(limit: 3)
        add(&free, 1...6)
        _ = finish(&free, next(&free, now: 0)[1], Self.loaded, now: 1)
        #expect(next(&free, now: 2).map(\.batch) == [4], "without an order others go on")
    }

    @Test("In order, the batch in trouble asks whether it works again, and one that is given up lets the others go")
    func keepsOrderWhileNothingWorks() {
        var schedule = schedule(keepsOrder: true)
        add(&schedule, 1...3)
        var generator = LongestPauses()
        let grants = next(&schedule, now: 0)
        _ = finish(&schedule, grants[2], Self.silent, now: 1)
        _ = schedule.finished(grants[0], Self.silent, now: 2, using: &generator)
        #expect(next(&schedule, now: 2 * Self.second).isEmpty, "1 is not there yet, and 3 must not go before it")
        schedule.add(ticket: 1, batch: 1, bytes: 1000, events: 10)
        let probe = next(&schedule, now: 2 * Self.second)
        #expect(probe.map(\.batch) == [1])
        _ = finish(&schedule, probe[0], .taken, now: 3 * Self.second)
        let third = next(&schedule, now: 3 * Self.second)
        #expect(third.map(\.batch) == [3])
        add(&schedule, 4...4)
        #expect(next(&schedule, now: 3 * Self.second).isEmpty, "3 is on its way again, and not there yet")
        _ = finish(&schedule, third[0], .taken, now: 4 * Self.second)
        _ = finish(&schedule, grants[1], Self.loaded, now: 4 * Self.second)
        #expect(next(&schedule, now: 4 * Self.second).isEmpty, "2 is in trouble")
        schedule.remove(ticket: 2)
        let freesOthers = schedule.settled(ticket: 2)
        #expect(freesOthers)
        #expect(next(&schedule, now: 4 * Self.second).map(\.batch) == [4])
    }

    @Test("What was taken in part waits for the rest, and the host goes on")
    func partly() {
        var schedule = schedule()
        add(&schedule, 1...1)
        #expect(finish(&schedule, next(&schedule, now: 0)[0], .partly, now: 1) == .later)
        add(&schedule, 2...2)
        #expect(next(&schedule, now: 2).map(\.batch) == [2])
        #expect(schedule.wakeTime(now: 2) == 1 + 20 * Self.second)
    }

    @Test("A probe that was abandoned leaves room for another")
    func abandoned() {
        var schedule = schedule()
        add(&schedule, 1...2)
        for grant in next(&schedule, now: 0) { _ = finish(&schedule, grant, Self.silent, now: 1) }
        let probe = next(&schedule, now: 5 * Self.second)
        #expect(finish(&schedule, probe[0], .abandoned, now: 6 * Self.second) == .done)
        #expect(next(&schedule, now: 6 * Self.second).count == 1)
    }

    @Test("Requests of one batch go at once, each with its own troubles, before those of later ones")
    func oneBatch() {
        var schedule = schedule(limit: 3)
        for (ticket, batch) in [(1, 7), (2, 8), (3, 7), (4, 7), (5, 6)] as [(UInt64, UInt64)] {
            schedule.add(ticket: ticket, batch: batch, bytes: 1000, events: 10)
        }
        let grants = next(&schedule, now: 0)
        #expect(grants.map(\.ticket) == [5, 1, 3])
        #expect(finish(&schedule, grants[1], Self.loaded, now: 1) == .later)
        #expect(finish(&schedule, grants[2], .taken, now: 1) == .done)
        #expect(next(&schedule, now: 2).map(\.ticket) == [4, 2])
    }

    @Test("A rate limit holds all, and says when to look again")
    func rate() {
        var schedule = schedule(rate: RateLimit(bytes: 1000, events: nil))
        add(&schedule, 1...3)
        #expect(next(&schedule, now: 0).map(\.batch) == [1])
        let time = Self.second - TokenBucket.burst
        #expect(schedule.wakeTime(now: 0) == time)
        #expect(next(&schedule, now: time - 1).isEmpty)
        #expect(next(&schedule, now: time).map(\.batch) == [2])
    }
}
