// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

@Suite("Faults on demand")
struct FaultTests {
    private static func rules(_ texts: String...) throws -> [FaultRule] { try texts.map { try FaultRule($0) } }

    @Test("A rule says what goes wrong and when")
    func aRuleIsRead() throws {
        var expected = FaultRule(.status(429))
        expected.rate = 0.25
        expected.api = .loki
        expected.retryAfter = "2"
        #expect(try FaultRule("status=429,rate=0.25,api=loki,retry-after=2") == expected)
        expected = FaultRule(.delay(1_500_000_000))
        expected.after = 60_000_000_000
        expected.duration = 250_000_000
        expected.first = 3
        #expect(try FaultRule("delay=1.5s,after=1m,for=250ms,first=3") == expected)
        #expect(try FaultRule("slow=64KiB").fault == .slow(65_536))
        #expect(try FaultRule("content=a=b").fault == .content("a=b"))
        #expect(try FaultRule("status=500,stored").isStored)
    }

    @Test(
        "What is no rule is refused with what there is",
        arguments: [
            ("", "is no fault"), ("oops", "is no fault"), ("status=9", "200 to 599"), ("status", "200 to 599"),
            ("delay=5", "a time such as"), ("slow=0", "bytes a second"), ("reset=1", "is no fault"),
            ("reset,rate=2", "probability"), ("reset,api=kafka", "'loki' or 'elasticsearch'"),
            ("reset,when=now", "limits no fault"), ("reset,stored", "only a status"), ("item=429,", "limits no fault"),
        ]
    )
    func mistakesAreSaid(text: String, reason: String) {
        let problem = #expect(throws: FaultRule.Invalid.self) { try FaultRule(text) }
        #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
    }

    @Test("Rules hold for their API, their time and so many requests, and by a seed the same again")
    func aPlanDecides() throws {
        let plan = FaultPlan(
            try Self.rules("status=503,api=loki,after=10s,for=5s", "status=500,first=2", "delay=1s", "slow=100"),
            seed: 1
        )
        plan.start(at: 0)
        let second: Int64 = 1_000_000_000
        #expect(plan.decide(.loki, at: 12 * second).ending?.fault == .status(503))
        // The first rule that ends it is the one that counts.
        #expect(plan.decide(.elasticsearch, at: 12 * second).ending?.fault == .status(500))
        #expect(plan.decide(.loki, at: 15 * second).ending?.fault == .status(500))
        let last = plan.decide(.loki, at: 16 * second)
        #expect(last.ending == nil)
        #expect(last.delay == second)
        #expect(last.bytesPerSecond == 100)

        func hits(seed: UInt64) throws -> [Bool] {
            let plan = FaultPlan(try Self.rules("reset,rate=0.3"), seed: seed)
            return (0..<1000).map { _ in plan.decide(.loki, at: 0).ending != nil }
        }
        #expect(try hits(seed: 7) == hits(seed: 7))
        #expect(try hits(seed: 7) != hits(seed: 8))
        #expect((200...400).contains(try hits(seed: 7).filter { $0 }.count))
    }

    @Test("A status stores nothing, unless it is asked to")
    func statuses() async throws {
        let rules = try Self.rules("status=503,first=1,retry-after=7", "status=500,first=1,stored")
        try await LiveReceiver.run({ $0.faults = rules }) { receiver in
            let now = LiveReceiver.now
            func push(_ line: String) async throws -> LiveReceiver.Answer {
                let body = LiveReceiver.push(#"{"app":"a"}"#, [(now, line)])
                return try await receiver.loki("POST", "/loki/api/v1/push", body)
            }
            let refused = try await push("lost")
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "7")
            #expect(try await push("kept").status == 500)
            #expect(try await push("well").status == 204)
            let stored = try await receiver.lines("{app=\"a\"}").sorted()
            #expect(stored == ["kept", "well"])
        }
    }

    @Test("Single documents are refused with a status, and the others are there")
    func documents() async throws {
        let rules = try Self.rules("item=429,rate=0.5")
        try await LiveReceiver.run({ $0.faults = rules }) { receiver in
            let body = (0..<100).map { "{\"create\":{\"_id\":\"\($0)\"}}\n{\"n\":\($0)}\n" }.joined()
            let answer = try await receiver.elasticsearch("POST", "/things/_bulk", body)
            #expect(answer.status == 200)
            let items = try JSONTree(answer.text)["items"]?.elements ?? []
            let statuses = items.compactMap { $0["create"]?["status"]?.text }
            #expect(statuses.count == 100)
            let taken = statuses.filter { $0 == "201" }.count
            #expect((25...75).contains(taken))
            #expect(statuses.filter { $0 == "429" }.count == 100 - taken)
            let count = try await receiver.elasticsearch("GET", "/things/_count")
            #expect(try JSONTree(count.text)["count"]?.text == "\(taken)")
        }
    }

    @Test("Lines are refused with 400 and streams with 429 or, hidden, with 204 or what the last one's fate is")
    func lines() async throws {
        for (status, isWhole) in [(400, false), (429, true), (204, true)] {
            let rules = try Self.rules("item=\(status),rate=0.5")
            try await LiveReceiver.run({ $0.faults = rules }) { receiver in
                let now = LiveReceiver.now
                let streams = (0..<20).map { stream in
                    let values = (0..<10).map { "[\"\(now + Int64($0))\",\"\(stream)-\($0)\"]" }
                        .joined(separator: ",")
                    return "{\"stream\":{\"app\":\"a\",\"n\":\"\(stream)\"},\"values\":[\(values)]}"
                }
                let body = "{\"streams\":[\(streams.joined(separator: ","))]}"
                let answer = try await receiver.loki("POST", "/loki/api/v1/push", body)
                let stored = try await receiver.lines("{app=\"a\"}")
                let hidesNothing = status == 204 && !stored.contains("19-0")
                #expect(answer.status == UInt(hidesNothing ? 429 : status))
                #expect((1..<200).contains(stored.count))
                let byStream = Dictionary(grouping: stored) { $0.split(separator: "-")[0] }
                let whole = byStream.values.filter { $0.count == 10 }
                #expect((whole.count * 10 == stored.count) == isWhole)
            }
        }
    }

    @Test("A connection ends in the middle of the body with nothing stored, or of the answer with everything")
    func connections() async throws {
        let rules = try Self.rules("reset,first=1,api=elasticsearch", "half,first=1,api=elasticsearch")
        try await LiveReceiver.run({ $0.faults = rules }) { receiver in
            for id in ["reset", "half"] {
                let body = "{\"create\":{\"_id\":\"\(id)\"}}\n{\"n\":1}\n"
                await #expect(throws: (any Error).self) {
                    try await receiver.elasticsearch("POST", "/things/_bulk", body)
                }
            }
            for (id, status) in [("reset", 404), ("half", 200)] {
                let found = try await receiver.elasticsearch("GET", "/things/_doc/\(id)")
                #expect(found.status == UInt(status))
            }
        }
    }

    @Test("Something that is not the server answers 200")
    func content() async throws {
        let rules = try Self.rules("content=<html>hello</html>")
        try await LiveReceiver.run({ $0.faults = rules }) { receiver in
            let body = "{\"create\":{\"_id\":\"a\"}}\n{\"n\":1}\n"
            let answer = try await receiver.elasticsearch("POST", "/things/_bulk", body)
            #expect(answer.status == 200)
            #expect(answer.text == "<html>hello</html>")
            let found = try await receiver.elasticsearch("GET", "/things/_doc/a")
            #expect(found.status == 404)
        }
    }
}
