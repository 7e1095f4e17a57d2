// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What files may hold, and what may stand where a file is expected. Nothing of it stops the lines beside it.
@Suite(.serialized) struct BadInputTests {
    /// Writes a file, runs once, and gives what both outputs have.
    private func arrivals(
        _ content: [UInt8],
        parse: String = "none",
        _ road: Road
    ) async throws -> (loki: [String], elasticsearch: [String]) {
        try TextFile.append(content, road.path("app.log"))
        try road.pipeline(["*.log"], parse: parse)
        try await road.runOnce()
        return (try road.lokiLines(), try road.elasticsearchMessages())
    }

    @Test func brokenJSONAmongGood() async throws {
        let road = try await Road()
        let broken = [
            #"{"message":"cut"#, "no json at all", "[1,2]", #"{"message":"a"} trailing"#, #"{"a":01,"message":"b"}"#,
            "{",
            String(repeating: "[", count: 100_000),
        ]
        var text = ""
        for (number, line) in broken.enumerated() { text += #"{"message":"good \#(number)"}"# + "\n" + line + "\n" }
        let found = try await arrivals(Array(text.utf8), parse: "json", road)
        let good = broken.indices.map { "good \($0)" }
        let account = Account(written: good + broken, arrived: found.elasticsearch)
        #expect(account.isEven, "\(account)")
        for line in broken { #expect(found.loki.contains(line)) }
        #expect(found.loki.count == 2 * broken.count)
    }

    /// fluent-bit #10435: a long line stopped its file.
    @Test func aLineOf50MegabytesIsCutAndMemoryStaysSmall() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"])
        let (agent, port) = try await road.agentWithMetrics()
        try TextFile.append("before\n", road.path("app.log"))
        try TextFile.append([UInt8](repeating: UInt8(ascii: "x"), count: 50 << 20), road.path("app.log"))
        try TextFile.append("\nafter\n", road.path("app.log"))
        try await Poll.until("three documents", tail: { agent.errors }) {
            try road.receiver.elasticsearch.count("logs-test") == 3
        }
        let messages = try road.elasticsearchMessages()
        #expect(messages.contains("before") && messages.contains("after"))
        #expect(messages.map(\.utf8.count).max() == 1 << 20)
        // A Loki takes no line of a mebibyte: it is a dead letter there, and only there.
        try await Poll.until("two lines", tail: { agent.errors }) { try road.lokiLines().count == 2 }
        #expect(try road.lokiLines() == ["before", "after"])
        try await Poll.until("a dead letter", tail: { agent.errors }) {
            let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            return metrics.sum("sluice_output_events_total", ["output": "loki", "result": "dead_letter"]) == 1
                && metrics.sum("sluice_input_truncated_events_total") == 1
        }
        let status = try TextFile.read("/proc/\(agent.identifier)/status")
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = peak.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        #expect(kilobytes > 0 && kilobytes < 100 << 10, "the agent's peak was \(kilobytes) KiB")
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func bytesThatAreNoText() async throws {
        let road = try await Road()
        var content = Array("before\n".utf8)
        content += Array("nul ".utf8) + [0, 0] + Array(" nul\n".utf8)
        content += Array("bad ".utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] + Array(" bad\n".utf8)
        content += Array("escape \u{1B}[31m \u{7F}\t quote \" backslash \\\n".utf8)
        content += [UInt8](repeating: 0, count: 5000) + [10]
        content += Array("after\n".utf8)
        let found = try await arrivals(content, road)
        for lines in [found.loki, found.elasticsearch] {
            #expect(lines.count == 5)
            #expect(lines.contains("before") && lines.contains("after"))
            #expect(lines.contains("nul  nul"))
            #expect(lines.contains { $0.hasPrefix("bad \u{FFFD}") && $0.hasSuffix(" bad") })
            #expect(lines.contains("escape \u{1B}[31m \u{7F}\t quote \" backslash \\"))
        }
    }

    @Test func badBytesInsideJSON() async throws {
        let road = try await Road()
        var content = Array(#"{"message":"bad "#.utf8) + [0xFF, 0xFE] + Array("\"}\n".utf8)
        content += Array(#"{"message":"nul "#.utf8) + [0] + Array("\"}\n".utf8)
        content += Array(#"{"message":"twice","message":"the same key"}"#.utf8) + [10]
        content += Array((#"{"message":"deep","deep":"# + String(repeating: #"{"a":"#, count: 3000) + "1").utf8)
        content += Array((String(repeating: "}", count: 3001) + "\n").utf8)
        content += Array("{\"message\":\"after\"}\n".utf8)
        let found = try await arrivals(content, parse: "json", road)
        #expect(found.loki.count >= 5)
        #expect(found.elasticsearch.contains("after"))
        #expect(found.elasticsearch.contains { $0.contains("bad \u{FFFD}") })
        #expect(found.elasticsearch.contains { $0.contains("nul ") })
        #expect(found.elasticsearch.contains { $0.contains("the same key") })
    }

    /// Half a character in JSON's notation is allowed by its grammar, and no text.
    @Test func halfACharacter() async throws {
        let road = try await Road()
        let line = #"{"message":"lone \ud800 surrogate"}"#
        try TextFile.write(line + "\n" + #"{"message":"after"}"# + "\n", road.path("app.log"))
        try road.pipeline(["*.log"], parse: "json")
        try await road.runOnce()
        #expect(try road.lokiLines().count == 2)
        #expect(try road.receiver.elasticsearch.count("logs-test") == 2)
    }

    @Test func lineEndsOfOtherSystems() async throws {
        let road = try await Road()
        let found = try await arrivals(Array("one\r\ntwo\r\nthree\rstill three\n".utf8), road)
        #expect(found.loki == ["one", "two", "three\rstill three"])
        #expect(found.elasticsearch.sorted() == ["one", "three\rstill three", "two"])
    }

    @Test(arguments: ["none", "json"])
    func emptyLines(_ parse: String) async throws {
        let road = try await Road()
        let found = try await arrivals(
            Array("\n\n{\"message\":\"one\"}\n\r\n\n{\"message\":\"two\"}\n".utf8),
            parse: parse,
            road
        )
        // Whatever becomes of them, it is the same at both outputs.
        #expect(found.loki.count == found.elasticsearch.count)
        #expect(found.elasticsearch.filter { !$0.isEmpty }.count == 2)
    }

    @Test func whatStandsWhereAFileIsExpected() async throws {
        let road = try await Road()
        try TextFile.write("", road.path("empty.log"))
        unsafe mkdir(road.path("directory.log"), 0o755)
        unsafe mkfifo(road.path("fifo.log"), 0o644)
        unsafe symlink(road.path("nowhere"), road.path("dangling.log"))
        unsafe symlink(road.path("loop.log"), road.path("loop.log"))
        try TextFile.write("forbidden\n", road.path("forbidden.log"))
        unsafe chmod(road.path("forbidden.log"), 0)
        try TextFile.write("through a link\n", road.path("target"))
        unsafe symlink(road.path("target"), road.path("link.log"))
        try TextFile.write("good\n", road.path("zz.log"))
        try road.pipeline(["*.log"])
        let agent = try await road.runOnce()
        // Root may read everything.
        let expected = getuid() == 0 ? ["forbidden", "good", "through a link"] : ["good", "through a link"]
        #expect(try road.lokiLines().sorted() == expected)
        #expect(try road.elasticsearchMessages().sorted() == expected)
        for name in ["directory.log", "fifo.log", "dangling.log", "loop.log"] {
            let entries = AgentLog.entries(agent.errors).filter { $0["path"] as? String == road.path(name) }
            #expect(entries.count == 1, "\(name) is mentioned once: \(agent.errors)")
        }
    }

    @Test func whatIsWrongWithAPathIsSaidOnceAndCanEnd() async throws {
        let road = try await Road()
        unsafe symlink(road.path("target"), road.path("link.log"))
        try TextFile.write("good\n", road.path("zz.log"))
        try road.pipeline(["*.log"])
        let (agent, port) = try await road.agentWithMetrics()
        try await road.waitForEvents(1, agent)
        let failed = { try PrometheusText(HTTPClient.get(port, "/metrics").text).sum("sluice_input_failed_paths") }
        #expect(try failed() == 1)
        try TextFile.write("here it is\n", road.path("target"))
        try await road.waitForEvents(2, agent)
        try await Poll.until("no path fails", tail: { agent.errors }) { try failed() == 0 }
        let mentions = AgentLog.entries(agent.errors).filter { $0["path"] as? String == road.path("link.log") }
        #expect(mentions.count == 1)
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func aLineThatElasticsearchRefusesIsADeadLetter() async throws {
        let road = try await Road()
        try TextFile.write(#"{"message":"one"}"# + "\n", road.path("app.log"))
        try road.pipeline(["app.log"], parse: "json")
        let (agent, port) = try await road.agentWithMetrics()
        try await road.waitForEvents(1, agent)
        // A field that is Elasticsearch's own.
        let bad = #"{"message":"two","_id":"mine"}"# + "\n"
        try TextFile.append(bad + #"{"message":"three"}"# + "\n", road.path("app.log"))
        try await Poll.until("the third arrives", tail: { agent.errors }) {
            try road.elasticsearchMessages().sorted() == ["one", "three"] && road.lokiLines().count == 3
        }
        try await Poll.until("the second is counted", tail: { agent.errors }) {
            let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            return metrics.sum("sluice_output_events_total", ["output": "elasticsearch", "result": "dead_letter"]) == 1
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(agent.errors.contains("_id"), "the log says why: \(agent.errors)")
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three"])
    }
}
