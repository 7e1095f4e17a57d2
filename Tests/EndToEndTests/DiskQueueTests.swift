// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// `queue: disk` of a file input, and what becomes of messages when a queue is full.
@Suite(.serialized) struct DiskQueueTests {
    /// Refuses connections at a port that nobody else gets meanwhile.
    private let dead: Socket

    init() throws { dead = try Socket.bound() }

    private func metric(_ port: Int, _ name: String) throws -> Double {
        try PrometheusText(HTTPClient.get(port, "/metrics").text).sum(name, [:])
    }

    @Test func filesCanBeDeletedWhileOutputsAreDown() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], input: "queue: disk", loki: dead.port, elasticsearch: dead.port)
        let lines = (0..<3000).map { "line \($0) of a file that will be gone" }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("the queue has it", tail: { agent.errors }) { road.queuedBytes() > 100_000 }
        try await Poll.until("the file is done with", tail: { agent.errors }) {
            try StateFile(road).progress("loki", path: road.path("app.log")) ?? 0
                == Int64(lines.reduce(0) { $0 + $1.utf8.count + 1 })
        }
        agent.send(SIGKILL)
        _ = try await agent.exitStatus()
        #expect(unsafe unlink(road.path("app.log")) == 0)
        try road.pipeline(["*.log"], input: "queue: disk")
        try TextFile.write("another\n", road.path("next.log"))
        try await road.runOnce()
        #expect(Account(written: lines + ["another"], arrived: try road.lokiLines()).isEven)
        #expect(Account(written: lines + ["another"], arrived: try road.elasticsearchMessages()).isEven)
        let document = try #require(try road.receiver.elasticsearch.documents("logs-test").first)
        let log = document["log"] as? [String: Any]
        #expect((log?["file"] as? [String: Any])?["path"] as? String == road.path("app.log"))
        // And nothing again.
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().count == lines.count + 1)
        #expect(road.queuedBytes() == 0)
    }

    @Test func aQueueIsNoFileThatIsGoneAndNobodyForgetsIt() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], input: "queue: disk", loki: dead.port, elasticsearch: dead.port)
        let lines = (0..<100).map { "line \($0) of a file that will be gone" }
        let text = lines.map { $0 + "\n" }.joined()
        try TextFile.write(text, road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("the queue has it", tail: { agent.errors }) { road.queuedBytes() > text.utf8.count }
        try await Poll.until("the file is done with", tail: { agent.errors }) {
            try StateFile(road).progress("loki", path: road.path("app.log")) ?? 0 == Int64(text.utf8.count)
        }
        #expect(unsafe unlink(road.path("app.log")) == 0)
        func expectQueue(_ answer: StatusAnswer) throws {
            let queue = try #require((answer.pipeline["queues"] as? [[String: Any]])?.first)
            let bytes = queue["bytes"] as? Int ?? 0
            #expect(bytes > text.utf8.count, "\(queue)")
            #expect(queue["unacknowledged"] as? [String: Int] == ["elasticsearch": bytes, "loki": bytes])
            #expect(answer.output("loki")["unacknowledged_bytes"] as? Int == bytes)
            #expect(!answer.files.contains { $0["state"] as? String == "gone" }, "\(answer.files)")
        }
        try await expectQueue(StatusAnswer(road))
        #expect(try await road.terminate(agent) == 69)
        try await expectQueue(StatusAnswer(road))
        func sluice(_ arguments: String...) async throws -> Command.Result {
            try await Command.run([SluiceCommand.path] + arguments + ["--state", road.path("state")])
        }
        #expect(try await sluice("status").output.contains("queue of input file-1: "))
        let record = try await sluice("state", "export")
        #expect(record.output.split(separator: "\n").count == 1, "\(record.output)")
        #expect(try await sluice("state", "forget", "*", "--yes").status == 0)
        #expect(try await sluice("state", "list").output.contains("knows no files"))
        // What an older version has exported has the queue, too.
        let queue = record.output.replacingOccurrences(
            of: "\"path\":\"[^\"]*\",\"device\":[0-9]*,\"inode\":[0-9]*",
            with: "\"path\":\"queue/file-1\",\"device\":0,\"inode\":0",
            options: .regularExpression
        )
        #expect(queue != record.output)
        try TextFile.write(queue, road.path("old.ndjson"))
        #expect(try await sluice("state", "import", road.path("old.ndjson")).output.hasPrefix("0 generations"))
        try road.pipeline(["*.log"], input: "queue: disk")
        try await road.runOnce()
        #expect(Account(written: lines, arrived: try road.lokiLines()).isEven)
        #expect(Account(written: lines, arrived: try road.elasticsearchMessages()).isEven)
    }

    @Test func killedAgainAndAgain() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: "queue: {type: disk, max_bytes: 1MiB}")
        let lines = (0..<9000).map { "line \($0) " + String(repeating: "x", count: 200) }
        for part in 0..<5 {
            try TextFile.append(
                lines[(part * 1800)..<((part + 1) * 1800)].map { $0 + "\n" }.joined(),
                road.path("app.log")
            )
            let agent = try road.agent()
            let before = try road.receiver.elasticsearch.count("logs-test")
            try await Poll.until("something arrives", tail: { agent.errors }) {
                try road.receiver.elasticsearch.count("logs-test") > before
            }
            agent.send(SIGKILL)
            _ = try await agent.exitStatus()
        }
        try await road.runOnce()
        #expect(Account(written: lines, arrived: try road.elasticsearchMessages()).isEven)
        #expect(Account(written: lines, arrived: try road.lokiLines()).isEven)
    }

    /// Who waits for room and who comes with more put in one after the other.
    @Test func linesKeepTheirOrderThroughAQueueThatIsOftenFull() async throws {
        let road = try await Road()
        try road.pipeline(
            ["app.log"],
            input: "queue: {type: disk, max_bytes: 1MiB}",
            elasticsearchOutput: "concurrency: {max: 1}"
        )
        let lines = (0..<9000).map { "line \($0) " + String(repeating: "x", count: 1000) }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        try await road.runOnce()
        let arrived = try road.elasticsearchMessages()
        #expect(
            arrived == lines,
            "the first that is not where it was: \(zip(arrived, lines).first { $0 != $1 } ?? ("", ""))"
        )
    }

    /// What framing found of an event goes the same way.
    @Test func whatIsNotInTheText() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], type: "container", input: "queue: disk")
        let line =
            #"{"log":"hello\n","stream":"stderr","attrs":{"tag":"blue"},"time":"2026-11-24T08:30:00.5Z"}"# + "\n"
        try TextFile.write(line, road.path("app.log"))
        try await road.runOnce()
        let document = try #require(try road.receiver.elasticsearch.documents("logs-test").first)
        #expect(document["message"] as? String == "hello")
        #expect(document["stream"] as? String == "stderr")
        #expect((document["@timestamp"] as? String)?.hasPrefix("2026-11-24T08:30:00.5") == true)
        let docker = document["docker"] as? [String: Any]
        #expect((docker?["attrs"] as? [String: Any])?["tag"] as? String == "blue")
    }

    @Test func aFullQueueThatDrops() async throws {
        let road = try await Road()
        try road.pipeline(
            ["app.log"],
            input: "queue: {type: disk, max_bytes: 1MiB, when_full: drop_newest}",
            loki: dead.port,
            elasticsearch: dead.port
        )
        let lines = (0..<5000).map { "line \($0) " + String(repeating: "x", count: 1000) }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("the rest is dropped", tail: { agent.errors }) {
            try metric(port, "sluice_input_queue_overflow_total") > 0
                && StateFile(road).progress("loki", path: road.path("app.log")) ?? 0
                    == Int64(lines.reduce(0) { $0 + $1.utf8.count + 1 })
        }
        let dropped = Int(try metric(port, "sluice_input_queue_overflow_total"))
        try await Poll.until("it is said", tail: { agent.errors }) {
            agent.errors.contains("a queue is full: messages are dropped")
        }
        #expect(try await road.terminate(agent) == 69)
        try road.pipeline(["app.log"], input: "queue: disk")
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().count == 5000 - dropped)
        #expect(try road.lokiLines().count == 5000 - dropped)
    }
}
