// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("How many requests may be under way")
struct AdaptiveConcurrencyTests {
    static let millisecond: Int64 = 1_000_000

    /// One round at a time: `=` is full and as quick as ever, `-` is not full, `+` is full and much slower, `!` refused.
    static let tables: [(String, [Int])] = [
        // The first round only says how long answers take.
        ("====", [1, 2, 3, 4]),
        ("=--=", [1, 1, 1, 2]),
        ("=====================", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12]),
        ("=========!", [1, 2, 3, 4, 5, 6, 7, 8, 9, 8]),
        ("=========+", [1, 2, 3, 4, 5, 6, 7, 8, 9, 8]),
        ("=====!!!!!", [1, 2, 3, 4, 5, 4, 3, 2, 1, 1]),
        ("===!===", [1, 2, 3, 2, 3, 4, 5]),
    ]

    @Test("One more after a full round, a tenth less after a bad one", arguments: tables)
    func rounds(_ rounds: String, _ limits: [Int]) {
        var concurrency = AdaptiveConcurrency(maximum: 12)
        var now: Int64 = 0
        var found: [Int] = []
        for round in rounds {
            if round != "-" { concurrency.isReached() }
            now += round == "+" ? 100 * Self.millisecond : 10 * Self.millisecond
            switch round {
            case "!": concurrency.refused(now: now)
            case "+": concurrency.answered(after: 100 * Self.millisecond, bytes: 1000, now: now)
            default: concurrency.answered(after: 10 * Self.millisecond, bytes: 1000, now: now)
            }
            found.append(concurrency.limit)
        }
        #expect(found == limits)
    }

    @Test("Refusals of one round count once")
    func refusalsOfOneRound() {
        var concurrency = grown()
        #expect(concurrency.limit == 16)
        for _ in 0..<10 { concurrency.refused(now: 1_000_000_000_000) }
        // The first ends a round, and the other nine are one more.
        #expect(concurrency.limit == 12)
    }

    @Test("A number that was given stays, whatever happens")
    func fixed() {
        var concurrency = AdaptiveConcurrency(fixed: 4)
        for number in 0..<100 {
            concurrency.isReached()
            concurrency.answered(after: Self.millisecond, bytes: 1000, now: Int64(number) * Self.millisecond)
            concurrency.refused(now: Int64(number) * Self.millisecond)
        }
        #expect(concurrency.limit == 4 && concurrency.maximum == 4)
    }

    @Test("Answers to small requests say nothing about those to large ones")
    func smallRequests() {
        var concurrency = grown()
        var now: Int64 = 1_000_000_000_000
        for number in 0..<50 {
            now += 20 * Self.millisecond
            let isSmall = number % 5 != 0
            concurrency.answered(
                after: isSmall ? Self.millisecond : 10 * Self.millisecond,
                bytes: isSmall ? 100 : 1000,
                now: now
            )
        }
        #expect(concurrency.limit == 16)
        // Much larger ones than ever before are a new beginning, and no slowness.
        for _ in 0..<5 {
            now += 500 * Self.millisecond
            concurrency.answered(after: 400 * Self.millisecond, bytes: 100_000, now: now)
        }
        #expect(concurrency.limit == 16)
    }

    private func grown() -> AdaptiveConcurrency {
        var concurrency = AdaptiveConcurrency(maximum: 16)
        for number in 1...20 {
            concurrency.isReached()
            concurrency.answered(after: 10 * Self.millisecond, bytes: 1000, now: Int64(number) * 20 * Self.millisecond)
        }
        return concurrency
    }

    // MARK: A simulated server

    /// A server with so many threads that each take `time` for a request; what it has no room for in its queue it
    /// refuses. There is always more to send than may be under way.
    private struct Simulation {
        var concurrency: AdaptiveConcurrency
        var threads: Int
        var time: Int64
        var queue = Int.max
        private(set) var limits: [Int] = []
        private(set) var taken = 0
        private(set) var refused = 0
        private var now: Int64 = 0
        private var free: [Int64] = []
        private var underWay: [(start: Int64, end: Int64, isRefused: Bool)] = []
        private var random = SystemRandomNumberGenerator()

        init(maximum: Int, threads: Int, time: Int64, queue: Int = .max) {
            concurrency = AdaptiveConcurrency(maximum: maximum)
            self.threads = threads
            self.time = time
            self.queue = queue
        }

        mutating func run(answers: Int) {
            limits = []
            for _ in 0..<answers {
                while underWay.count < concurrency.limit { start() }
                concurrency.isReached()
                guard let index = underWay.indices.min(by: { underWay[$0].end < underWay[$1].end }) else { return }
                let request = underWay.remove(at: index)
                now = request.end
                if request.isRefused {
                    refused += 1
                    concurrency.refused(now: now)
                } else {
                    taken += 1
                    concurrency.answered(after: now - request.start, bytes: 1000, now: now)
                }
                limits.append(concurrency.limit)
            }
        }

        private mutating func start() {
            free = free.filter { $0 > now }
            if underWay.count(where: { !$0.isRefused }) >= threads.addingReportingOverflow(queue).partialValue,
                queue < .max
            {
                underWay.append((now, now + time / 10, true))
                return
            }
            let busy = free.sorted()
            let begin = busy.count < threads ? now : busy[busy.count - threads]
            let end = begin + Int64.random(in: (time * 9 / 10)...(time * 11 / 10), using: &random)
            free.append(end)
            underWay.append((now, end, false))
        }

        var mean: Double { Double(limits.reduce(0, +)) / Double(max(1, limits.count)) }
    }

    @Test("A server that takes any number gets as many as may be")
    func ampleServer() {
        var simulation = Simulation(maximum: 16, threads: 1000, time: 100 * Self.millisecond)
        simulation.run(answers: 2000)
        simulation.run(answers: 500)
        #expect(simulation.mean > 12, "\(simulation.mean)")
    }

    @Test("A server with few threads is kept busy, and not given ever more to queue")
    func busyServer() {
        var simulation = Simulation(maximum: 64, threads: 4, time: 100 * Self.millisecond)
        simulation.run(answers: 500)
        simulation.run(answers: 500)
        #expect(simulation.mean > 2 && simulation.mean < 16, "\(simulation.mean)")
    }

    @Test("A server that refuses what is too much gets about as much as it takes")
    func refusingServer() {
        var simulation = Simulation(maximum: 64, threads: 4, time: 100 * Self.millisecond, queue: 2)
        simulation.run(answers: 500)
        let before = (simulation.taken, simulation.refused)
        simulation.run(answers: 1000)
        #expect(simulation.mean > 2 && simulation.mean < 9, "\(simulation.mean)")
        #expect(simulation.refused - before.1 < simulation.taken - before.0, "most are taken")
    }

    @Test("A server that becomes much slower gets less")
    func slowerServer() {
        var simulation = Simulation(maximum: 16, threads: 1000, time: 100 * Self.millisecond)
        simulation.run(answers: 2000)
        let before = simulation.concurrency.limit
        simulation.time = 2000 * Self.millisecond
        simulation.run(answers: 100)
        #expect(simulation.concurrency.limit < before, "\(before)")
    }
}
