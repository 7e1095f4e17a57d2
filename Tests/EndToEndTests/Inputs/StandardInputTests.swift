// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// `type: stdin`.
@Suite(.serialized) struct StandardInputTests {
    /// An agent whose standard input is a file or a named pipe.
    private func agent(_ road: Road, input: String) throws -> ChildProcess {
        try road.agent(through: ["/bin/sh", "-c", "exec \"$@\" < '\(road.path(input))'", "sh"])
    }

    @Test func itEndsWhenItsInputEnds() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: stdin"])
        let lines = (0..<9000).map { "line \($0)" } + ["", "the last one has no line end"]
        try TextFile.write(lines.joined(separator: "\n"), road.path("input"))
        let agent = try agent(road, input: "input")
        #expect(try await agent.exitStatus() == 0, "\(agent.errors)")
        let written = lines.filter { !$0.isEmpty }
        let account = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
        #expect(try road.lokiLines() == written, "in order")
        #expect(road.queuedBytes() == 0)
    }

    @Test func linesAreParsedAndCut() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: stdin, parse: json, max_bytes: 40, fields: {a: 1}, tags: [x]"])
        try TextFile.write(#"{"message":"one","n":1}"# + "\n" + String(repeating: "y", count: 100), road.path("input"))
        let agent = try agent(road, input: "input")
        #expect(try await agent.exitStatus() == 0)
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        let one = try #require(documents.first { $0["message"] as? String == "one" })
        #expect(one["n"] as? Int == 1)
        #expect((one["fields"] as? [String: Int]) == ["a": 1])
        #expect(one["tags"] as? [String] == ["x"])
        let long = try #require(documents.first { $0["n"] == nil })
        #expect(long["message"] as? String == String(repeating: "y", count: 40))
        #expect((long["log"] as? [String: [String]])?["flags"] == ["truncated"])
    }

    /// A pipe that stays open; what was read from it survives, whatever happens.
    @Test func whatWasReadSurvivesAKill() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: stdin"])
        let code = unsafe mkfifo(road.path("pipe"), 0o600)
        #expect(code == 0)
        let first = try agent(road, input: "pipe")
        let writer = unsafe open(road.path("pipe"), O_WRONLY)
        #expect(writer >= 0)
        road.receiver.kill()
        let lines = (0..<500).map { "line \($0)" }
        let text = lines.map { $0 + "\n" }.joined()
        _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(writer, $0.baseAddress, $0.count) }
        try await Poll.until("all is queued", tail: { first.errors }) {
            road.queuedBytes() >= Int64(text.utf8.count + 4 * lines.count)
        }
        first.kill()
        close(writer)
        try await road.receiver.start()
        try TextFile.write("more\n", road.path("input"))
        let second = try agent(road, input: "input")
        #expect(try await second.exitStatus() == 0, "\(second.errors)")
        let account = Account(written: lines + ["more"], arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
        #expect(try road.lokiLines() == lines + ["more"])
    }
}
