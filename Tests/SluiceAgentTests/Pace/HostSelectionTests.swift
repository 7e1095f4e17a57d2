// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Which host gets the next request")
struct HostSelectionTests {
    private static let second: Int64 = 1_000_000_000
    private static let first = HostSelection.Choice(host: 0)

    private func selection(_ count: Int, limit: Int = 4, balances: Bool = true) -> HostSelection {
        let host = HostHealth(
            concurrency: AdaptiveConcurrency(fixed: limit),
            backoff: Backoff(initial: 10 * Self.second, maximum: 60 * Self.second)
        )
        return HostSelection(Array(repeating: host, count: count), balances: balances)
    }

    /// Chooses, and sends there.
    private func go(_ selection: inout HostSelection, besides tried: [Int] = [], now: Int64 = 0) -> Int? {
        guard let choice = selection.choose(besides: tried, now: now) else { return nil }
        selection.begins(choice)
        return choice.host
    }

    private func fail(_ selection: inout HostSelection, _ host: Int, started: Int64 = 0, now: Int64, ends: Bool = true)
    {
        var generator = LongestPauses()
        if ends { selection.ends(.init(host: host)) }
        selection.failed(
            .init(host: host),
            .silent,
            started: started,
            patience: nil,
            now: now,
            using: &generator
        )
    }

    @Test("By turns, where they are equal")
    func turns() {
        var selection = selection(3)
        #expect((0..<6).map { _ in go(&selection) } == [0, 1, 2, 0, 1, 2])
        var idle = self.selection(3)
        var hosts: [Int] = []
        for _ in 0..<5 {
            guard let choice = idle.choose(besides: [], now: 0) else { continue }
            idle.begins(choice)
            idle.ends(choice)
            hosts.append(choice.host)
        }
        #expect(hosts == [0, 1, 2, 0, 1], "one request at a time goes round, too")
    }

    @Test("The one with the least under way, so that a slow one does not hold the others")
    func least() {
        var selection = selection(3)
        for _ in 0..<3 { _ = go(&selection) }
        // Host 0 is slow; the others answer.
        for _ in 0..<10 {
            selection.ends(.init(host: 1))
            selection.ends(.init(host: 2))
            #expect(Set([go(&selection), go(&selection)]) == [1, 2])
        }
    }

    @Test("None while all are full; all is their limits together")
    func full() {
        var selection = selection(2, limit: 2)
        #expect(selection.limit == 4 && selection.maximum == 4)
        #expect((0..<5).map { _ in go(&selection) } == [0, 1, 0, 1, nil])
    }

    @Test("One that fails is set aside, asked after its rest by one request, and gets its share when it answers")
    func setAside() {
        var selection = selection(3)
        #expect(go(&selection) == 0)
        fail(&selection, 0, now: Self.second)
        #expect((0..<4).map { _ in go(&selection, now: 2 * Self.second) } == [1, 2, 1, 2])
        #expect(selection.nextAskable(after: 2 * Self.second) == 11 * Self.second)
        let probe = selection.choose(besides: [], now: 11 * Self.second)
        #expect(probe == .init(host: 0, isProbe: true))
        selection.begins(.init(host: 0, isProbe: true))
        #expect(go(&selection, now: 12 * Self.second) == 1, "one asks")
        selection.ends(.init(host: 0, isProbe: true))
        selection.succeeded(0, after: 1, bytes: 1, now: 13 * Self.second)
        #expect(go(&selection, now: 13 * Self.second) == 0)
    }

    @Test("A request goes elsewhere than it comes from, if anything else works")
    func elsewhere() {
        var selection = selection(2)
        #expect(selection.hasOther(than: [0]) && !selection.hasOther(than: [0, 1]))
        #expect(go(&selection, besides: [0]) == 1)
        #expect(go(&selection, besides: [0]) == 1, "even if the other has less to do")
        fail(&selection, 1, now: 0)
        #expect(!selection.hasOther(than: [0]))
        #expect(go(&selection, besides: [0]) == 0)
    }

    @Test("Not balanced, one gets all until it fails; two failures at once move it once")
    func failover() {
        var selection = selection(3, balances: false)
        #expect(selection.limit == 4)
        #expect((0..<5).map { _ in go(&selection) } == [0, 0, 0, 0, nil])
        fail(&selection, 0, now: Self.second)
        fail(&selection, 0, now: Self.second)
        #expect(go(&selection, now: 2 * Self.second) == 1)
        #expect(go(&selection, now: 100 * Self.second) == 1, "it stays there, and does not go back")
        fail(&selection, 1, started: 2 * Self.second, now: 101 * Self.second)
        #expect(go(&selection, now: 102 * Self.second) == 2)
        fail(&selection, 2, started: 102 * Self.second, now: 103 * Self.second)
        #expect(!selection.works)
        #expect(selection.choiceForProbe(now: 103 * Self.second)?.host == 0, "it has rested longest")
    }

    @Test("While none works, the one that has rested longest is asked, whatever its rest")
    func noneWorks() {
        var selection = selection(3)
        for host in [1, 0, 2] {
            selection.begins(.init(host: host))
            fail(&selection, host, now: Int64(host == 1 ? 0 : host + 1))
        }
        #expect(!selection.works)
        #expect(selection.choiceForProbe(now: 5) == .init(host: 1, isProbe: true))
        selection.begins(.init(host: 1, isProbe: true))
        #expect(selection.choiceForProbe(now: 5)?.host == 0)
        selection.areWorthAsking(now: 5)
        #expect(selection.nextAskable(after: 4) == 5)
    }

    @Test("A probe says nothing about how many a host takes at once")
    func probesDoNotCount() {
        var generator = LongestPauses()
        let host = HostHealth(
            concurrency: AdaptiveConcurrency(maximum: 10),
            backoff: Backoff(initial: Self.second, maximum: Self.second)
        )
        var selection = HostSelection([host], balances: true)
        for number in 1...5 {
            guard let choice = selection.choose(besides: [], now: 0) else { continue }
            selection.begins(choice)
            while selection.choose(besides: [], now: 0).map({ selection.begins($0) }) != nil {}
            let time = Int64(number) * 1000
            while selection.hosts[0].inFlight > 0 { selection.ends(choice) }
            selection.succeeded(0, after: 100, bytes: 10, now: time)
        }
        #expect(selection.limit == 5)
        selection.failed(.init(host: 0, isProbe: true), .late, started: 0, patience: nil, now: 9999, using: &generator)
        #expect(selection.limit == 5)
        selection.failed(.init(host: 0), .late, started: 0, patience: nil, now: 9999, using: &generator)
        #expect(selection.limit == 4)
    }
}
