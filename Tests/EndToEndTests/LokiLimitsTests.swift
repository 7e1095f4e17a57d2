// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a Loki would refuse is seen before it is sent, and nothing of it vanishes unless that was asked for.
@Suite(.serialized) struct LokiLimitsTests {
    private static let long = String(repeating: "ü", count: 140_000)

    /// - Parameter options: of the output, a line each.
    private func road(_ lines: [String], _ options: [String] = [], parse: String = "none", port: Int? = nil)
        async throws -> Road
    {
        let road = try await Road()
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        let all = ["url: http://127.0.0.1:\(port ?? road.receiver.lokiPort)", "flush: {timeout: 50ms}"] + options
        let labels = options.contains { $0.hasPrefix("labels:") } ? [] : ["labels: {job: test}"]
        try TextFile.write(
            """
            name: test
            inputs: [{type: file, paths: ["\(road.path("app.log"))"], parse: \(parse)}]
            processors: [{timestamp: {field: at, layouts: [ISO8601], ignore_missing: true}}]
            outputs:
              - type: loki
                \((all + labels).joined(separator: "\n    "))

            """,
            road.path("pipeline.yml")
        )
        return road
    }

    @Test("A line that is too long is kept as it is, and the others arrive")
    func dead() async throws {
        let road = try await road(["one", Self.long, "three"])
        try await road.runOnce()
        #expect(try road.lokiLines() == ["one", "three"])
        let letters = try StateFile(road).deadLetters()
        #expect(letters.map(\.text) == [Array(Self.long.utf8)])
        #expect(letters.first?.reason.contains("280000 bytes, and Loki takes 262144 (limits.max_line_size)") == true)
        #expect(letters.first?.offset == 4)
        #expect(try StateFile(road).progress("loki") == Int64(("one\n" + Self.long + "\nthree\n").utf8.count))
        // It is not asked for again.
        try await road.runOnce()
        #expect(try StateFile(road).deadLetters().count == 1)
        #expect(try road.lokiLines().count == 2)
    }

    @Test("A line is cut between characters, or left out, and counted", arguments: ["truncate", "drop"])
    func counted(action: String) async throws {
        let road = try await road(
            ["one", Self.long, "three"],
            ["limits: {max_line_size: {value: 1001, action: \(action)}}"]
        )
        let (agent, port) = try await road.agentWithMetrics()
        var metrics = try PrometheusText("")
        try await Poll.until("all is counted", tail: { agent.errors }) {
            metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            return metrics.sum("sluice_output_limited_events_total") == 1
                && metrics.sum("sluice_output_events_total", ["output": "loki"]) == 3
        }
        let cut = action == "truncate" ? [String(Self.long.prefix(500))] : []
        #expect(try road.lokiLines() == ["one"] + cut + ["three"])
        let labels = ["limit": "max_line_size", "action": action, "output": "loki"]
        #expect(metrics.sum("sluice_output_limited_events_total", labels) == 1)
        #expect(metrics.sum("sluice_output_events_total", ["result": "dropped"]) == (action == "drop" ? 1 : 0))
        let limits = try await StatusAnswer(road).output("loki")["limits"] as? [[String: Any]]
        #expect(limits?.count == 1)
        #expect(limits?.first?["limit"] as? String == "max_line_size")
        #expect(limits?.first?[action == "drop" ? "dropped" : "truncated"] as? Int == 1)
        let words = try await Command.run([SluiceCommand.path, "status", "--state", road.path("state")]).output
        #expect(words.contains("beyond max_line_size: 1 \(action == "drop" ? "dropped" : "cut")"), "\(words)")
        #expect(try await road.terminate(agent) == 0)
        #expect(try StateFile(road).deadLetters().isEmpty)
        let said = AgentLog.entries(agent.errors).filter { $0["limit"] as? String == "max_line_size" }
        #expect(said.count == 1)
        #expect(said.first?["offset"] as? String == "4")
    }

    @Test("Labels and metadata are cut where the line has them whole")
    func labels() async throws {
        let value = String(repeating: "v", count: 3000)
        let road = try await road(
            [#"{"who":"\#(value)","one":"\#(value)","two":"2"}"#],
            [
                #"labels: {job: test, who: "%{[who]}", more: "%{[two]}"}"#, "structured_metadata: [one, two]",
                "limits: {max_structured_metadata_size: 1000, max_label_names_per_series: {value: 2, action: truncate}}",
            ],
            parse: "json"
        )
        try await road.runOnce()
        let entries = try road.receiver.loki.entries(#"{job="test"}"#)
        #expect(entries.map { $0.labels["who"] } == [String(repeating: "v", count: 2048)])
        #expect(entries.first?.labels["more"] == nil)
        #expect(entries.first?.labels["one"] == String(repeating: "v", count: 997))
        #expect(entries.first?.labels["two"] == nil)
        #expect(entries.first?.line.contains(value) == true)
        #expect(try StateFile(road).deadLetters().isEmpty)
    }

    @Test("Too far ahead is not sent")
    func future() async throws {
        let ahead = Date(timeIntervalSinceNow: 86_400).formatted(.iso8601)
        let road = try await road([#"{"m":1}"#, #"{"m":2,"at":"\#(ahead)"}"#], parse: "json")
        try await road.runOnce()
        let lines = try road.lokiLines()
        #expect(lines.count == 1 && lines.first?.contains(#""m":1"#) == true, "\(lines)")
        #expect(try StateFile(road).deadLetters().map(\.reason).first?.contains("creation_grace_period") == true)
    }

    @Test("An age that was asked for is looked at")
    func age() async throws {
        let old = Date(timeIntervalSinceNow: -7200).formatted(.iso8601)
        let road = try await road(
            [#"{"m":1}"#, #"{"m":2,"at":"\#(old)"}"#],
            ["limits: {reject_old_samples_max_age: {value: 1h, action: drop}}"],
            parse: "json"
        )
        try await road.runOnce()
        let lines = try road.lokiLines()
        #expect(lines.count == 1 && lines.first?.contains(#""m":1"#) == true, "\(lines)")
        #expect(try StateFile(road).deadLetters().isEmpty)
    }

    @Test("After its first refusal a Loki is not asked about older events again")
    func learned() async throws {
        let oldest = Date(timeIntervalSinceNow: -7 * 86_400).formatted(.iso8601)
        let server = try ScriptedServer { _, request in
            guard request.body.contains("history") else { return .good }
            return .status(
                400,
                "entry for stream '{job=\"test\"}' has timestamp too old: 2020-01-01T00:00:00Z, "
                    + "oldest acceptable timestamp is: \(oldest)\n"
            )
        }
        defer { server.stop() }
        let history = (0..<2000).map { #"{"m":"history \#($0)","at":"2020-01-01T00:00:00Z"}"# }
        let road = try await road(history + [#"{"m":"now"}"#], parse: "json", port: server.port)
        try await road.runOnce()
        #expect(server.received.count <= 4, "\(server.received.count) requests")
        let letters = try StateFile(road).deadLetters()
        #expect(letters.count == 2000)
        #expect(letters.allSatisfy { $0.reason.contains("reject_old_samples_max_age") })
        #expect(server.received.last?.body.contains("history") == false)
        #expect(server.received.last?.body.contains("now") == true)
    }

    @Test("With strict each request has one stream", arguments: [true, false])
    func strict(isStrict: Bool) async throws {
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        let road = try await road(
            (0..<30).map { #"{"n":"\#($0 % 3)"}"# },
            [#"labels: {job: test, n: "%{[n]}"}"#, "strict: \(isStrict)"],
            parse: "json",
            port: server.port
        )
        try await road.runOnce()
        let streams = server.received.map { $0.body.components(separatedBy: #""stream":"#).count - 1 }
        #expect(streams == (isStrict ? [1, 1, 1] : [3]))
        let entries = server.received.map { $0.body.components(separatedBy: #"{\"n\":"#).count - 1 }
        #expect(entries.reduce(0, +) == 30)
    }
}
