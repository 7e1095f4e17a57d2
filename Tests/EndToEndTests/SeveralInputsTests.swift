// SPDX-License-Identifier: Apache-2.0

import Testing

/// Inputs beside one another, pipelines beside one another, and what an input leaves alone.
@Suite(.serialized) struct SeveralInputsTests {
    private func pipeline(_ name: String, inputs: [String], _ road: Road) throws {
        var text = "name: \(name)\ninputs:\n"
        for input in inputs { text += "  - type: file\n    paths: [\"\(road.path(input))\"]\n    parse: none\n" }
        text += "outputs:\n  - type: loki\n    url: http://127.0.0.1:\(road.receiver.lokiPort)\n"
        text += "    labels: {job: test}\n    flush: {timeout: 50ms}\n"
        try TextFile.write(text, road.path("\(name).yml"))
    }

    /// Inputs that rest must not keep the batches that the others need.
    @Test func fortyInputs() async throws {
        let road = try await Road()
        try pipeline("pipeline", inputs: (0..<40).map { "input-\($0).log" }, road)
        let agent = try road.agent()
        var written: [String] = []
        for round in 0..<2 {
            for input in 0..<40 {
                let line = "round \(round) of input \(input)"
                try TextFile.append(line + "\n", road.path("input-\(input).log"))
                written.append(line)
            }
            try await Poll.until("round \(round) arrives", tail: { agent.errors }) {
                try road.lokiLines().count >= written.count
            }
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(Account(written: written, arrived: try road.lokiLines()).isEven)
    }

    @Test func twoPipelinesInOneProcess() async throws {
        let road = try await Road()
        try pipeline("first", inputs: ["first.log"], road)
        try pipeline("second", inputs: ["second.log"], road)
        try TextFile.write("one\n", road.path("first.log"))
        try TextFile.write("two\n", road.path("second.log"))
        let run = ["run", road.path("first.yml"), road.path("second.yml"), "--state", road.path("state"), "--once"]
        for _ in 0..<2 {
            let result = try await Command.run([SluiceCommand.path] + run)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try road.lokiLines().sorted() == ["one", "two"])
        }
    }

    @Test func aFileThatTwoInputsMatch() async throws {
        let road = try await Road()
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try pipeline("pipeline", inputs: ["app.log", "*.log"], road)
        try await road.runOnce()
        // Once or twice is a matter of taste; none is not, and a second run adds nothing.
        let lines = try road.lokiLines()
        #expect(Set(lines) == ["one", "two"])
        try await road.runOnce()
        #expect(try road.lokiLines().count == lines.count)
    }

    /// It would feed itself.
    @Test func theAgentsOwnLogIsNotRead() async throws {
        let road = try await Road()
        try TextFile.write("one\n", road.path("app.errors"))
        try road.pipeline(["app.errors", "agent-*.errors"])
        let agent = try road.agent(["--log-level", "trace"])
        try await road.waitForEvents(1, agent)
        try TextFile.append("two\n", road.path("app.errors"))
        try await road.waitForEvents(2, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.lokiLines().sorted() == ["one", "two"])
        #expect(!agent.errors.isEmpty)
    }
}
