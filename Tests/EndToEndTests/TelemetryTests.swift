// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// `/metrics` and `/healthz` of a running agent.
@Suite(.serialized) struct TelemetryTests {
    @Test func countsAddUp() async throws {
        let road = try await Road()
        // One of three is dropped, one does not parse, one is refused by Elasticsearch.
        var text = ""
        for number in 0..<300 {
            text += #"{"message":"m \#(number)","level":"\#(number % 3 == 0 ? "DEBUG" : "INFO")","size":1}"# + "\n"
        }
        text += "no json\n" + #"{"message":"x","level":"INFO","_id":"mine"}"# + "\n"
        try TextFile.write(text, road.path("app.log"))
        try road.pipeline(
            ["app.log"],
            parse: "json",
            processors: ["drop_event: {when: {equals: {level: DEBUG}}}"]
        )
        let (agent, port) = try await road.agentWithMetrics()
        var metrics = try PrometheusText("")
        let sum = { (name: String, labels: [String: String]) in metrics.sum(name, labels) }
        try await Poll.until("all is counted", tail: { agent.errors + "\n\(metrics.values)" }) {
            metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            let read = sum("sluice_input_events_total", [:])
            return read == 302
                && ["loki", "elasticsearch"].allSatisfy { output in
                    read == sum("sluice_input_dropped_events_total", [:])
                        + sum("sluice_output_events_total", ["output": output, "pipeline": "test"])
                }
        }
        #expect(sum("sluice_input_dropped_events_total", [:]) == 100)
        #expect(sum("sluice_input_parse_failures_total", [:]) == 1)
        #expect(sum("sluice_input_bytes_total", [:]) == Double(text.utf8.count))
        #expect(sum("sluice_output_events_total", ["output": "loki", "result": "delivered"]) == 202)
        #expect(sum("sluice_output_events_total", ["output": "elasticsearch", "result": "delivered"]) == 201)
        #expect(sum("sluice_output_events_total", ["output": "elasticsearch", "result": "dead_letter"]) == 1)
        #expect(sum("sluice_output_failing", [:]) == 0)
        let sent = sum("sluice_output_sent_bytes_total", ["output": "loki"])
        #expect(sent > 0 && sent < sum("sluice_output_body_bytes_total", ["output": "loki"]), "compressed")
        #expect(try road.lokiLines().count == 202)
        #expect(try road.receiver.elasticsearch.count("logs-test") == 201)
        try await Poll.until("nothing is in flight") {
            try PrometheusText(HTTPClient.get(port, "/metrics").text).sum("sluice_batches_in_flight") == 0
        }
        #expect(try await road.terminate(agent) == 0)
        let complaints = AgentLog.entries(agent.errors).filter {
            $0["level"] as? String == "ERROR" && $0["output"] == nil
        }
        #expect(complaints.isEmpty, "an orderly end is no error: \(agent.errors)")
    }

    /// What is read again because another output lacks it counts as skipped for the one that has it.
    @Test func countsAddUpAfterARestart() async throws {
        let road = try await Road()
        let reserved = try Socket.bound()
        let lines = (0..<100).map { "line \($0)" }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        try road.pipeline(["app.log"], elasticsearch: reserved.port)
        try TextFile.append("shutdown_timeout: 100ms\n", road.path("pipeline.yml"))
        let first = try road.agent()
        try await Poll.until("Loki has all", tail: { first.errors }) { try road.lokiLines().count == 100 }
        #expect(try await road.terminate(first) == 69)

        try road.pipeline(["app.log"])
        let (agent, port) = try await road.agentWithMetrics()
        var metrics = try PrometheusText("")
        try await Poll.until("all is settled", tail: { agent.errors }) {
            metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            let sums = ["loki", "elasticsearch"].map { EventSum(metrics, output: $0) }
            #expect(sums.allSatisfy { $0.isEven }, "\(sums)")
            return sums.allSatisfy { $0.read == 100 && $0.inFlight == 0 }
        }
        let count = { (output: String, result: String) in
            metrics.sum("sluice_output_events_total", ["output": output, "result": result])
        }
        #expect(count("loki", "skipped") == 100)
        #expect(count("elasticsearch", "delivered") == 100)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.lokiLines() == lines)
    }

    @Test func answersWhatItIsAsked() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        let (agent, port) = try await road.agentWithMetrics()
        let health = try HTTPClient.get(port, "/healthz")
        #expect(health.status == 200)
        let metrics = try HTTPClient.get(port, "/metrics")
        #expect(metrics.status == 200)
        #expect(metrics.headers["content-type"]?.hasPrefix("text/plain") == true)
        #expect(try HTTPClient.get(port, "/nothing").status == 404)
        // Each metric says what it is.
        let names = Set(try PrometheusText(metrics.text).values.keys.map { String($0.prefix { $0 != "{" }) })
        #expect(!names.isEmpty)
        for name in names {
            #expect(metrics.text.contains("# HELP \(name) ") && metrics.text.contains("# TYPE \(name) "), "\(name)")
        }
        #expect(agent.isRunning)
        #expect(try await road.terminate(agent) == 0)
    }
}
