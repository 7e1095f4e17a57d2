// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// `sluice run --once`, and the orderly end of an agent that would run on.
@Suite(.serialized) struct OnceTests {
    @Test func deliversAllToBothOutputsAndNothingAgain() async throws {
        let road = try await Road()
        let lines = (0..<5000).map { "line \($0) of the first run" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", road.path("app.log"))
        try road.pipeline(["app.log"])
        let agent = try await road.runOnce()
        let end = try #require(AgentLog.entries(agent.errors).last)
        #expect(end["message"] as? String == "pipeline has ended")
        #expect(end["read"] as? String == "5000")
        #expect(end["output.loki"] as? String == "5000 delivered")
        #expect(end["output.elasticsearch"] as? String == "5000 delivered")
        #expect(Account(written: lines, arrived: try road.lokiLines()).isEven)
        #expect(Account(written: lines, arrived: try road.elasticsearchMessages()).isEven)

        // A destination that has nothing yet shows that nothing is sent a second time.
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        try await road.runOnce()
        #expect(server.received.isEmpty)
        try TextFile.append("one more\n", road.path("app.log"))
        try await road.runOnce()
        #expect(server.received.count == 2)
        #expect(server.received.allSatisfy { $0.body.contains("one more") && !$0.body.contains("line 4999") })
    }

    /// vector #14818: no limit of open files.
    @Test func moreFilesThanMayBeOpenAreReadInTurn() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], input: "harvester_limit: 1")
        var lines: [String] = []
        for file in 0..<5 {
            let own = (0..<10).map { "line \($0) of file \(file)" }
            try TextFile.write(own.joined(separator: "\n") + "\n", road.path("\(file).log"))
            lines += own
        }
        try await road.runOnce()
        #expect(Account(written: lines, arrived: try road.lokiLines()).isEven)
        #expect(Account(written: lines, arrived: try road.elasticsearchMessages()).isEven)
    }

    @Test func aLineWithoutItsEndWaits() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("first\nsecond is not fin", road.path("app.log"))
        let agent = try await road.runOnce()
        #expect(agent.errors.contains("line end"), "it says that something waits")
        #expect(try road.lokiLines() == ["first"])
        #expect(try road.elasticsearchMessages() == ["first"])

        try TextFile.append("ished\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try road.lokiLines() == ["first", "second is not finished"])
        #expect(try road.elasticsearchMessages().sorted() == ["first", "second is not finished"])
        try await road.runOnce()
        #expect(try road.lokiLines().count == 2)
        #expect(try road.receiver.elasticsearch.count("logs-test") == 2)
    }

    @Test func theTimeoutEndsItWith69AndTheNextRunDelivers() async throws {
        let road = try await Road()
        let dead = try Socket.bound()
        defer { dead.close() }
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try road.pipeline(["app.log"], elasticsearch: dead.port)
        try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(try road.lokiLines() == ["one", "two"], "an output that works does not wait for one that does not")

        try road.pipeline(["app.log"])
        try await road.runOnce(["--timeout", "60"])
        #expect(try road.lokiLines() == ["one", "two"])
        #expect(try road.elasticsearchMessages().sorted() == ["one", "two"])
    }

    @Test func nothingToReadIsNoError() async throws {
        let road = try await Road()
        try road.pipeline(["*.nothing"])
        try await road.runOnce()
        #expect(try road.lokiLines().isEmpty)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalWhileItIsBusyEndsItInOrder(_ signal: Int32) async throws {
        let road = try await Road()
        let filler = String(repeating: "x", count: 1000)
        let lines = (0..<30_000).map { "line \($0) of a long file \(filler)" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", road.path("app.log"))
        // Counts what is taken: an orderly end loses nothing, and has nothing to repeat.
        let gate = Gate()
        let server = try ScriptedServer { number, _ in
            if number > 5 { gate.wait() }
            usleep(20_000)
            return .good
        }
        defer { server.stop() }
        try road.pipeline(
            ["app.log"],
            loki: server.port,
            elasticsearch: server.port,
            output: "bulk_max_size: 500"
        )
        let agent = try road.agent()
        try await Poll.until("the first requests arrive", every: .milliseconds(1)) { server.taken.count > 4 }
        agent.send(signal)
        gate.open()
        let status = try await agent.exitStatus()
        #expect(status == 0, "\(agent.errors)")
        // Requests say nothing: where the machine is slow they hold fewer lines.
        let before = server.taken.filter { $0.path.contains("_bulk") }.flatMap(\.documents).count
        #expect(before < lines.count, "it stopped before the end")
        try await road.runOnce()

        let bulks = server.taken.filter { $0.path.contains("_bulk") }
        let documents = bulks.flatMap(\.documents).map { document in
            let object = try? JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
            return object?["message"] as? String ?? document
        }
        let account = Account(written: lines, arrived: documents)
        #expect(account.isEven, "\(account)")
        let pushes = server.taken.filter { $0.path.contains("push") }
        let pushed = pushes.map { $0.body.components(separatedBy: "of a long file").count - 1 }.reduce(0, +)
        #expect(pushed == lines.count)
    }

    /// beats #36541: whole files came again after a restart.
    @Test func killedAgainAndAgainWithABacklog() async throws {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed) (backlog)")
        var random = SplitMix64(seed: seed)
        let road = try await Road()
        var written: [String] = []
        for file in 0..<4 {
            let lines = (0..<8000).map { "bucket\(file) line \($0) of file \(file)" }
            written += lines
            try TextFile.write(lines.joined(separator: "\n") + "\n", road.path("app-\(file).log"))
        }
        try road.pipeline(["*.log"], output: "bulk_max_size: 200")
        for _ in 0..<20 {
            let agent = try road.agent()
            try await Task.sleep(for: .milliseconds(Int.random(in: 15...80, using: &random)))
            agent.kill()
        }
        print("TORTURE_SEED=\(seed): \(try road.receiver.elasticsearch.count("logs-test")) before the last run")
        try await road.runOnce()
        let atLoki = Account(written: written, arrived: try road.lokiLines())
        #expect(atLoki.isEven, "Loki: \(atLoki), seed \(seed)")
        let documents = try (0..<4).flatMap { file in
            try road.receiver.elasticsearch
                .documents("logs-test", query: #"{"match":{"message":"bucket\#(file)"}}"#)
                .map { $0["message"] as? String ?? "" }
        }
        let atElasticsearch = Account(written: written, arrived: documents)
        #expect(atElasticsearch.isEven, "Elasticsearch: \(atElasticsearch), seed \(seed)")
        #expect(try road.receiver.elasticsearch.count("logs-test") == written.count)
    }
}
