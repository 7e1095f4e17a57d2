// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Destinations that refuse, hang, answer rubbish or close in mid-answer, and work again after a while.
@Suite(.serialized) struct DestinationFaultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let answer: ScriptedServer.Answer
        /// That the fault is one of bulk requests only.
        var isBulkOnly = false

        init(_ name: String, _ answer: ScriptedServer.Answer, isBulkOnly: Bool = false) {
            testDescription = name
            self.answer = answer
            self.isBulkOnly = isBulkOnly
        }
    }

    /// One of each kind; what becomes of the events of others is in `Verdicts/`.
    static let faults: [Fault] = [
        Fault("500", .status(500, "internal")),
        Fault("401", .status(401, "who are you")),
        Fault("closed without an answer", .raw("")),
        Fault("hangs", .hang),
        Fault("200 with an empty body", .status(200, ""), isBulkOnly: true),
        Fault(
            "every item 503",
            .status(200, ScriptedServer.bulkAnswer(Array(repeating: 503, count: 20))),
            isBulkOnly: true
        ),
    ]

    private static let lines = (0..<20).map { "line \($0 + 10) for a destination in trouble" }

    @Test(arguments: faults)
    func worksAgainAfterAWhile(_ fault: Fault) async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, request in
            // Each output's requests are counted by themselves.
            request.path.contains("_bulk") || !fault.isBulkOnly ? fault.answer : .good
        }
        try TextFile.write(Self.lines.joined(separator: "\n") + "\n", road.path("app.log"))
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port, output: "timeout: 1s")
        let (agent, port) = try await road.agentWithMetrics()
        let needed = fault.isBulkOnly ? ["_bulk"] : ["_bulk", "/push"]
        try await Poll.until("it is tried again", tail: { agent.errors }) {
            needed.allSatisfy { path in server.received.filter { $0.path.contains(path) }.count >= 2 }
        }
        let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
        #expect(metrics.sum("sluice_output_failing", ["output": "elasticsearch"]) == 1)
        #expect(metrics.sum("sluice_output_retries_total", ["output": "elasticsearch"]) >= 1)
        #expect(metrics.sum("sluice_output_events_total", ["output": "elasticsearch"]) == 0)
        let complaints = AgentLog.entries(agent.errors).filter {
            ["WARNING", "ERROR"].contains($0["level"] as? String)
        }
        #expect(!complaints.isEmpty, "the log says that something is wrong")
        #expect(complaints.count < 20, "and says it once, not with each try")
        server.stop()

        let better = try ScriptedServer(port: server.port) { _, _ in .good }
        defer { better.stop() }
        try await Poll.until("all arrives", tail: { agent.errors }) {
            Self.documents(better).count >= Self.lines.count && Self.pushed([better, server]) >= Self.lines.count
        }
        #expect(try await road.terminate(agent) == 0)
        let account = Account(written: Self.lines, arrived: Self.documents(better))
        #expect(account.isEven, "\(account)")
        #expect(Self.pushed([better, server]) == Self.lines.count)
    }

    @Test func refusedConnections() async throws {
        let road = try await Road()
        let reserved = try Socket.bound()
        let port = reserved.port
        try TextFile.write(Self.lines.joined(separator: "\n") + "\n", road.path("app.log"))
        try road.pipeline(["app.log"], loki: port, elasticsearch: port)
        let (agent, metrics) = try await road.agentWithMetrics()
        try await Poll.until("both have tried again", tail: { agent.errors }) {
            let text = try PrometheusText(HTTPClient.get(metrics, "/metrics").text)
            return ["loki", "elasticsearch"].allSatisfy {
                text.sum("sluice_output_retries_total", ["output": $0]) >= 3
                    && text.sum("sluice_output_failing", ["output": $0]) == 1
            }
        }
        #expect(agent.errors.contains("http://127.0.0.1:\(port) gave no answer: Connection refused\""))
        reserved.close()
        let server = try ScriptedServer(port: port) { _, _ in .good }
        defer { server.stop() }
        try await Poll.until("all arrives", tail: { agent.errors }) {
            Self.documents(server).count >= Self.lines.count && Self.pushed([server]) >= Self.lines.count
        }
        let text = try PrometheusText(HTTPClient.get(metrics, "/metrics").text)
        #expect(text.sum("sluice_output_failing") == 0)
        #expect(try await road.terminate(agent) == 0)
        #expect(Account(written: Self.lines, arrived: Self.documents(server)).isEven)
        #expect(Self.pushed([server]) == Self.lines.count)
    }

    @Test func noTLSWhereTLSIsExpected() async throws {
        let road = try await Road()
        try TextFile.write("one\n", road.path("app.log"))
        try road.pipeline(["app.log"])
        let pipeline = try TextFile.read(road.path("pipeline.yml"))
        try TextFile.write(pipeline.replacing("http://", with: "https://"), road.path("pipeline.yml"))
        let agent = try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(
            agent.errors.contains("gave no answer: it does not speak TLS: if this port is one for plain text"),
            "\(agent.errors)"
        )
        try TextFile.write(pipeline, road.path("pipeline.yml"))
        try await road.runOnce()
        #expect(try road.lokiLines() == ["one"])
        #expect(try road.elasticsearchMessages() == ["one"])
    }

    /// beats #1035, fluent-bit #4378: one output held up the others.
    @Test func oneOutputInTroubleDoesNotHoldUpTheOther() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .hang }
        defer { server.stop() }
        try road.pipeline(["app.log"], elasticsearch: server.port)
        let agent = try road.agent()
        for round in 0..<5 {
            try TextFile.append("line \(round)\n", road.path("app.log"))
            try await Poll.until("line \(round) is at Loki", tail: { agent.errors }) {
                try road.lokiLines().count == round + 1
            }
        }
        agent.kill()
        try road.pipeline(["app.log"])
        try await road.runOnce()
        #expect(try road.lokiLines().count == 5)
        #expect(try road.receiver.elasticsearch.count("logs-test") == 5)
    }

    @Test func aHangingDestinationDoesNotKeepItFromEnding() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .hang }
        defer { server.stop() }
        try TextFile.write("one\n", road.path("app.log"))
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        try TextFile.append("shutdown_timeout: 500ms\n", road.path("pipeline.yml"))
        let agent = try road.agent()
        try await Poll.until("requests hang", tail: { agent.errors }) { server.received.count == 2 }
        // A destination that was not available in time.
        #expect(try await road.terminate(agent) == 69)
        try road.pipeline(["app.log"])
        try await road.runOnce()
        #expect(try road.lokiLines() == ["one"])
        #expect(try road.elasticsearchMessages() == ["one"])
    }

    /// vector #2968, fluent-bit #4905: items that were refused with 429 were dropped, or accepted ones sent again.
    @Test func onlyTheItemsThatFailedAreSentAgain() async throws {
        let road = try await Road()
        let server = try ScriptedServer { number, request in
            guard request.path.contains("_bulk") else { return .good }
            // Of the first twenty, every fourth is refused for now, every fifth for ever, every seventh is there.
            guard request.documents.count == 20 else { return .good }
            let statuses = (0..<20).map { $0 % 4 == 1 ? 429 : $0 % 5 == 0 ? 400 : $0 % 7 == 0 ? 409 : 201 }
            return .status(200, ScriptedServer.bulkAnswer(statuses))
        }
        defer { server.stop() }
        try TextFile.write(Self.lines.joined(separator: "\n") + "\n", road.path("app.log"))
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("the rest is sent again", tail: { agent.errors }) { !Self.documents(server).isEmpty }
        let refused = (0..<20).filter { $0 % 4 == 1 }.map { Self.lines[$0] }
        #expect(Account(written: refused, arrived: Self.documents(server)).isEven)
        try await Poll.until("all are counted", tail: { agent.errors }) {
            let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            let count = { (result: String) in
                metrics.sum("sluice_output_events_total", ["output": "elasticsearch", "result": result])
            }
            return count("dead_letter") == 3 && count("delivered") + count("duplicate") == 17
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(agent.errors.contains("failed to parse field [x]"), "the log says what was refused")
    }

    private static func documents(_ server: ScriptedServer) -> [String] {
        server.taken.filter { $0.path.contains("_bulk") }.flatMap(\.documents).map { document in
            let object = try? JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
            return object?["message"] as? String ?? document
        }
    }

    private static func pushed(_ servers: [ScriptedServer]) -> Int {
        servers.flatMap(\.taken).filter { $0.path.contains("push") }
            .map { $0.body.components(separatedBy: "for a destination").count - 1 }.reduce(0, +)
    }
}
