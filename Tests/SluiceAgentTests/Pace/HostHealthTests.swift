// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("How a host fares")
struct HostHealthTests {
    private static let second: Int64 = 1_000_000_000

    private func host(_ rules: HostHealth.Rules = .init()) -> HostHealth {
        HostHealth(
            concurrency: AdaptiveConcurrency(fixed: 4),
            backoff: Backoff(initial: 4 * Self.second, maximum: 10 * Self.second),
            rules: rules
        )
    }

    private func fail(
        _ host: inout HostHealth,
        _ failure: HostFailure,
        at seconds: Int64,
        started: Int64? = nil,
        patience: Int64? = nil
    ) {
        var generator = LongestPauses()
        host.failed(
            failure,
            started: (started ?? seconds) * Self.second,
            patience: patience.map { $0 * Self.second },
            now: seconds * Self.second,
            using: &generator
        )
    }

    static let firsts: [(HostFailure, Bool, Bool)] = [
        // Failure, works after one, is healthy after two.
        (.loaded, true, true), (.failing, true, false), (.silent, false, false), (.late, false, false),
    ]

    @Test("One bad answer is borne with, silence is not; what has too much to do is healthy", arguments: firsts)
    func first(_ failure: HostFailure, _ works: Bool, _ isHealthy: Bool) {
        var host = host()
        fail(&host, failure, at: 0)
        #expect(host.works == works)
        fail(&host, failure, at: 1)
        #expect(!host.works && host.isHealthy == isHealthy)
        host.succeeded(now: 2 * Self.second)
        #expect(host.works && host.isHealthy)
    }

    @Test("Only failures in a row set it aside")
    func row() {
        var host = host()
        for number in 0..<10 {
            fail(&host, .failing, at: Int64(number))
            host.succeeded(now: Int64(number) * Self.second)
        }
        #expect(host.works)
    }

    @Test("The time that it is left alone doubles up to its maximum; of what answers it is a second")
    func rests() {
        var silent = host()
        var ends: [Int64?] = []
        for second in [0, 10, 20] as [Int64] {
            fail(&silent, .silent, at: second)
            ends.append(silent.askableFrom.map { $0 / Self.second })
        }
        #expect(ends == [4, 18, 30])
        var busy = host()
        fail(&busy, .loaded, at: 0)
        fail(&busy, .loaded, at: 5)
        #expect(busy.askableFrom == 6 * Self.second)
        silent.succeeded(now: 40 * Self.second)
        fail(&silent, .silent, at: 50)
        #expect(silent.askableFrom == 54 * Self.second, "a success begins anew")
    }

    @Test("Those that were under way when it was set aside count once")
    func underWay() {
        var host = host()
        fail(&host, .silent, at: 5, started: 1)
        let rest = host.askableFrom
        for started in 2...4 as ClosedRange<Int64> { fail(&host, .silent, at: 6, started: started) }
        #expect(host.askableFrom == rest)
        fail(&host, .silent, at: 12, started: 10)
        #expect(host.askableFrom == 20 * Self.second, "a probe that failed")
    }

    @Test("What it asks for it gets, whatever else it answers")
    func patience() {
        var host = host()
        fail(&host, .loaded, at: 0, patience: 30)
        #expect(!host.works && host.isHealthy)
        #expect(host.askableFrom == 30 * Self.second)
        host.succeeded(now: 2 * Self.second)
        host.isWorthAsking(now: 3 * Self.second)
        #expect(!host.works && host.askableFrom == 30 * Self.second)
        host.succeeded(now: 31 * Self.second)
        #expect(host.works)
    }

    @Test("One request asks at a time")
    func probes() {
        var host = host()
        fail(&host, .silent, at: 0)
        host.begins(isProbe: true)
        #expect(host.askableFrom == nil && host.inFlight == 1)
        host.ends(isProbe: true)
        #expect(host.askableFrom != nil && host.inFlight == 0)
        host.isWorthAsking(now: Self.second)
        #expect(host.askableFrom == Self.second)
    }
}
