// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Outputs with `required: false`: nobody waits for them, and they catch up from progress of their own.
@Suite(.serialized) struct OptionalOutputTests {
    private static let optional = "required: false"

    /// Refuses connections at a port that nobody else gets meanwhile.
    private let dead: Socket

    init() throws { dead = try Socket.bound() }

    /// Lines that fill all batches that an agent has, several times over.
    private func content(_ lines: Range<Int>) -> String {
        self.lines(lines).map { $0 + "\n" }.joined()
    }

    private func lines(_ range: Range<Int>) -> [String] {
        range.map { "line \($0) " + String(repeating: "x", count: 1000) }
    }

    private func metrics(_ port: Int) throws -> PrometheusText {
        try PrometheusText(HTTPClient.get(port, "/metrics").text)
    }

    @Test func anOutputThatStandsStillHoldsNothingBackAndCatchesUpAlone() async throws {
        let road = try await Road()
        let content = content(0..<20_000)
        try TextFile.write(content, road.path("app.log"))
        // It refuses until the gate is open.
        let gate = Gate()
        let server = try ScriptedServer { _, request in
            guard request.path.contains("_bulk") else { return .good }
            guard gate.isOpen else { return .status(503, "{}") }
            return .status(200, ScriptedServer.bulkAnswer(request.documents.map { _ in 201 }))
        }
        try road.pipeline(["app.log"], elasticsearch: server.port, elasticsearchOutput: Self.optional)
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("Loki has all", tail: { agent.errors }) {
            try metrics(port).sum("sluice_output_events_total", ["output": "loki", "result": "delivered"]) >= 20_000
        }
        let text = try metrics(port)
        #expect(text.sum("sluice_output_events_total", ["output": "elasticsearch", "result": "delivered"]) == 0)
        #expect(text.sum("sluice_output_failing", ["output": "elasticsearch"]) == 1)
        let status = try await SluiceCommand.run("status", "--state", road.path("state"))
        #expect(status.output.contains("test/elasticsearch"), "\(status.output)")
        gate.open()
        try await Poll.until("Elasticsearch catches up", tail: { agent.errors }) {
            try metrics(port).sum("sluice_output_events_total", ["output": "elasticsearch", "result": "delivered"])
                >= 20_000
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(Account(written: lines(0..<20_000), arrived: try road.lokiLines()).isEven)
    }

    @Test func itGoesOnFromItsOwnProgressAfterARestart() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], elasticsearch: dead.port, elasticsearchOutput: Self.optional)
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("Loki has both", tail: { agent.errors }) { try road.lokiLines().count == 2 }
        #expect(try await road.terminate(agent) == 69)
        try TextFile.append("three\n", road.path("app.log"))
        try road.pipeline(["app.log"], elasticsearchOutput: Self.optional)
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three", "two"])
        #expect(try road.lokiLines() == ["one", "two", "three"])
    }

    @Test func anOutputThatWasRequiredKeepsItsPlace() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try await road.runOnce()
        try road.pipeline(["app.log"], elasticsearchOutput: Self.optional)
        try TextFile.append("three\n", road.path("app.log"))
        try await road.runOnce()
        // Not required by name, but still apart.
        try road.pipeline(["app.log"])
        try TextFile.append("four\n", road.path("app.log"))
        let agent = try await road.runOnce()
        #expect(agent.errors.contains("an output that was not required has progress of its own"))
        #expect(try road.elasticsearchMessages().count == 4)
        #expect(try road.elasticsearchMessages().sorted() == ["four", "one", "three", "two"])
        #expect(try road.lokiLines() == ["one", "two", "three", "four"])
    }

    @Test(arguments: [
        ("required: false", false), ("{required: false, from: beginning}", true), ("from: beginning", true),
    ])
    func anOutputThatIsAddedLater(_ option: String, _ getsAll: Bool) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        // At first there is Loki alone.
        let whole = try TextFile.read(road.path("pipeline.yml"))
        let end = try #require(whole.range(of: "  - type: elasticsearch"))
        try TextFile.write(String(whole[..<end.lowerBound]), road.path("pipeline.yml"))
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try await road.runOnce()
        let added = option.hasPrefix("{") ? "required: false\n    from: beginning" : option
        try road.pipeline(["app.log"], elasticsearchOutput: added)
        try TextFile.append("three\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().sorted() == (getsAll ? ["one", "three", "two"] : ["three"]))
        #expect(try road.lokiLines() == ["one", "two", "three"])
        // It is new only once.
        try TextFile.append("four\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().count == (getsAll ? 4 : 2))
        #expect(try road.lokiLines().count == 4)
    }

    @Test func whatIsGoneByThenIsCountedAndSaid() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], elasticsearch: dead.port, elasticsearchOutput: Self.optional)
        try TextFile.write("one\ntwo\n", road.path("gone.log"))
        try TextFile.write("three\n", road.path("there.log"))
        let agent = try road.agent()
        try await Poll.until("Loki has all", tail: { agent.errors }) { try road.lokiLines().count == 3 }
        #expect(try await road.terminate(agent) == 69)
        #expect(unsafe unlink(road.path("gone.log")) == 0)
        try road.pipeline(["*.log"], elasticsearchOutput: Self.optional)
        let (second, port) = try await road.agentWithMetrics()
        try await Poll.until("the rest arrives", tail: { second.errors }) {
            try road.elasticsearchMessages() == ["three"]
        }
        try await Poll.until("it is counted", tail: { second.errors }) {
            try metrics(port).sum("sluice_input_lost_bytes_total", ["pipeline": "test/elasticsearch"]) == 8
        }
        #expect(try metrics(port).sum("sluice_input_lost_bytes_total", ["pipeline": "test"]) == 0)
        #expect(try await road.terminate(second) == 0)
        let entry = AgentLog.entries(second.errors).first {
            $0["message"] as? String == "a file is gone that an output does not have all of"
        }
        #expect(entry?["path"] as? String == road.path("gone.log"))
        #expect(entry?["output"] as? String == "elasticsearch")
        #expect(entry?["bytes"] as? String == "8")
    }

    /// After a long time away a few are said, and what the rest comes to.
    @Test func manyFilesThatAreGone() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], elasticsearch: dead.port, elasticsearchOutput: Self.optional)
        for number in 0..<9 {
            try TextFile.write(
                "line \(number)\n" + String(repeating: "x", count: number + 1) + "\n",
                road.path("\(number).log")
            )
        }
        let agent = try road.agent()
        try await Poll.until("Loki has all", tail: { agent.errors }) { try road.lokiLines().count == 18 }
        #expect(try await road.terminate(agent) == 69)
        for number in 0..<9 { unsafe unlink(road.path("\(number).log")) }
        try TextFile.write("there\n", road.path("there.log"))
        try road.pipeline(["*.log"], elasticsearchOutput: Self.optional)
        let second = try road.agent()
        try await road.waitForDocuments(1, second)
        try await Poll.until("it is said", tail: { second.errors }) {
            second.errors.contains("and more files are gone")
        }
        #expect(try await road.terminate(second) == 0)
        let entries = AgentLog.entries(second.errors)
        let said = entries.filter { $0["message"] as? String == "a file is gone that an output does not have all of" }
        #expect(said.map { $0["path"] as? String } == (4..<9).reversed().map { road.path("\($0).log") })
        let rest = entries.first {
            $0["message"] as? String == "and more files are gone that an output does not have all of"
        }
        #expect(rest?["files"] as? String == "4")
        #expect(rest?["bytes"] as? String == "42")
    }

    /// What a full queue drops is dropped for its own outputs alone.
    @Test func whatAFullQueueDropsReachesAnotherOutput() async throws {
        let road = try await Road()
        let queue = "queue.max_bytes: 1MiB, queue.when_full: drop_newest"
        try road.pipeline(inputs: ["type: tcp, id: messages, host: \"127.0.0.1:0\", \(queue)"])
        let text = try TextFile.read(road.path("pipeline.yml"))
            .replacing(
                ":\(road.receiver.elasticsearchPort)\"]\n",
                with: ":\(road.receiver.elasticsearchPort)\"]\n    required: false\n"
            )
            .replacing(":\(road.receiver.lokiPort)\n", with: ":\(dead.port)\n")
        try TextFile.write(text, road.path("pipeline.yml"))
        let (agent, port) = try await road.agentWithMetrics()
        let sender = try MessageSender(.tcp(port: try await road.port(of: "messages", agent)))
        let written = (0..<3000).map { "message \($0) " + String(repeating: "x", count: 1000) }
        for first in stride(from: 0, to: 3000, by: 300) {
            try sender.send(written[first..<(first + 300)].map { $0 + "\n" }.joined())
            try await road.waitForDocuments(first + 300, agent)
        }
        #expect(try metrics(port).sum("sluice_input_queue_overflow_total", ["pipeline": "test"]) > 1500)
        #expect(try metrics(port).sum("sluice_input_queue_overflow_total", ["pipeline": "test/elasticsearch"]) == 0)
        #expect(Account(written: written, arrived: try road.elasticsearchMessages()).isEven)
        #expect(try await road.terminate(agent) == 69)
    }

    @Test func whatCannotBeReadAgainIsQueuedForIt() async throws {
        let road = try await Road()
        let input = "type: tcp, id: messages, host: \"127.0.0.1:0\""
        func write(elasticsearch: Int) throws {
            try road.pipeline(inputs: [input])
            let text = try TextFile.read(road.path("pipeline.yml"))
                .replacing(
                    ":\(road.receiver.elasticsearchPort)\"]\n",
                    with: ":\(elasticsearch)\"]\n    required: false\n"
                )
            try TextFile.write(text, road.path("pipeline.yml"))
        }
        try write(elasticsearch: dead.port)
        let agent = try road.agent()
        let sender = try MessageSender(.tcp(port: try await road.port(of: "messages", agent)))
        let written = (0..<500).map { "message \($0)" }
        try sender.send(written.map { $0 + "\n" }.joined())
        try await Poll.until("Loki has all", tail: { agent.errors }) { try road.lokiLines().count == 500 }
        #expect(try await road.terminate(agent) == 69)
        try write(elasticsearch: road.receiver.elasticsearchPort)
        let second = try road.agent()
        try await road.waitForDocuments(500, second)
        #expect(try await road.terminate(second) == 0)
        #expect(Account(written: written, arrived: try road.elasticsearchMessages()).isEven)
        #expect(Account(written: written, arrived: try road.lokiLines()).isEven)
    }

    @Test func aFullQueueOfAnOutputThatNobodyWaitsFor() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: tcp, id: messages, host: \"127.0.0.1:0\", queue.max_bytes: 1MiB"])
        let text = try TextFile.read(road.path("pipeline.yml"))
            .replacing(
                ":\(road.receiver.elasticsearchPort)\"]\n",
                with: ":\(dead.port)\"]\n    required: false\n"
            )
        try TextFile.write(text, road.path("pipeline.yml"))
        let (agent, port) = try await road.agentWithMetrics()
        let sender = try MessageSender(.tcp(port: try await road.port(of: "messages", agent)))
        let written = (0..<3000).map { "message \($0) " + String(repeating: "x", count: 1000) }
        try sender.send(written.map { $0 + "\n" }.joined())
        try await Poll.until("Loki has all", tail: { agent.errors }) { try road.lokiLines().count == 3000 }
        let labels = ["pipeline": "test/elasticsearch"]
        let overflow = try metrics(port).sum("sluice_input_queue_overflow_total", labels)
        #expect(overflow > 1500 && overflow < 3000)
        #expect(try metrics(port).sum("sluice_input_queue_overflow_total", ["pipeline": "test"]) == 0)
        try await Poll.until("it is said", tail: { agent.errors }) {
            agent.errors.contains("a queue is full: messages are dropped")
        }
        #expect(try await road.terminate(agent) == 69)
        #expect(Account(written: written, arrived: try road.lokiLines()).isEven)
    }

    @Test func deadLettersOfABranch() async throws {
        let road = try await Road()
        let refusing = try ScriptedServer { _, request in
            guard request.path.contains("_bulk") else { return .good }
            return .status(200, ScriptedServer.bulkAnswer(request.documents.map { $0.contains("two") ? 400 : 201 }))
        }
        try road.pipeline(["app.log"], elasticsearch: refusing.port, elasticsearchOutput: Self.optional)
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try await road.runOnce()
        let state = ["--state", road.path("state")]
        let list = try await Command.run([SluiceCommand.path, "deadletters", "list"] + state)
        #expect(list.output.contains("elasticsearch"), "\(list.output)\(list.errors)")
        try road.pipeline(["app.log"], elasticsearchOutput: Self.optional)
        let retry = [SluiceCommand.path, "deadletters", "retry", "1", "--pipeline", road.path("pipeline.yml")] + state
        let result = try await Command.run(retry)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try road.elasticsearchMessages() == ["two"])
    }

    @Test func aNameThatIsNoFolder() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], elasticsearchOutput: "{name: a/b, required: false}")
        let text = try TextFile.read(road.path("pipeline.yml"))
            .replacing("    {name: a/b, required: false}\n", with: "    name: a/b\n    required: false\n")
        try TextFile.write(text, road.path("pipeline.yml"))
        let result = try await SluiceCommand.run("check", road.path("pipeline.yml"))
        #expect(result.status == 78)
        #expect(
            (result.output + result.errors).contains("the name of an output that is not required is also a folder's")
        )
    }
}
