// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Events go to every output whose `when` holds.
@Suite(.serialized) struct RoutingTests {
    @Test func anOutputGetsWhatItsConditionSays() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], elasticsearchOutput: "when: {contains: {message: wanted}}")
        try TextFile.write("wanted 1\nother 2\nwanted 3\n", road.path("app.log"))
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("all have theirs", tail: { agent.errors }) {
            try road.lokiLines().count == 3 && road.receiver.elasticsearch.count("logs-test") == 2
        }
        let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
        func count(_ output: String, _ result: String) -> Double {
            metrics.sum("sluice_output_events_total", ["output": output, "result": result])
        }
        #expect(count("loki", "unrouted") == 0)
        #expect(count("elasticsearch", "unrouted") == 1)
        #expect(count("elasticsearch", "delivered") == 2)
        #expect(try await road.terminate(agent) == 0)
        // What an output does not get is done with: nothing is left to be read again.
        try TextFile.append("other 4\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try road.lokiLines() == ["wanted 1", "other 2", "wanted 3", "other 4"])
        #expect(try road.elasticsearchMessages().sorted() == ["wanted 1", "wanted 3"])
        #expect(try StateFile(road).progress("elasticsearch") == 34)
    }

    @Test func aConditionThatIsNone() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], elasticsearchOutput: "when: {equalz: {message: wanted}}")
        let result = try await SluiceCommand.run("check", road.path("pipeline.yml"))
        #expect(result.status == 78)
        let text = result.output + result.errors
        #expect(text.contains("unknown condition 'equalz' in outputs[1].when"), "\(text)")
    }
}
