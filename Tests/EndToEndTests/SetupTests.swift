// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

/// Setting up a destination, by `sluice setup` and by `setup: true`.
@Suite(.serialized) struct SetupTests {
    /// Writes a pipeline of `app.log` to an Elasticsearch and to a file.
    private func pipeline(_ road: Road, port: Int, index: String, _ setup: String) throws {
        try TextFile.write(
            """
            name: test
            inputs: [{type: file, paths: ["\(road.path("app.log"))"]}]
            outputs:
              - type: elasticsearch
                hosts: ["http://127.0.0.1:\(port)"]
                index: "\(index)"
                flush: {timeout: 50ms}
                backoff: {init: 20ms, max: 200ms}
                setup: \(setup)
              - {type: file, path: "\(road.path("out"))", flush: {timeout: 50ms}}

            """,
            road.path("pipeline.yml")
        )
    }

    private func template(_ road: Road, _ name: String) throws -> [String: Any] {
        let answer = try HTTPClient.get(road.receiver.elasticsearchPort, "/_index_template/\(name)")
        let templates = try HTTPClient.object(answer, "template")["index_templates"] as? [[String: Any]]
        return try #require(templates?.first?["index_template"] as? [String: Any])
    }

    private func written(_ road: Road) -> Int {
        ((try? TextFile.read(road.path("out/sluice.ndjson"))) ?? "").split(separator: "\n").count
    }

    @Test func theCommandMakesWhatIsMissingAndLeavesWhatIsThere() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let port = road.receiver.elasticsearchPort
        // The command needs no `setup: true`.
        try pipeline(road, port: port, index: "mlops", "false")
        let first = try await SluiceCommand.run("setup", road.path("pipeline.yml"))
        #expect(first.status == 0, "\(first.output)\(first.errors)")
        let line = try #require(first.output.split(separator: "\n").first)
        #expect(line.hasPrefix("test/elasticsearch: http://127.0.0.1:\(port): fine: Elasticsearch 8."), "\(line)")
        #expect(line.contains("index template 'sluice-mlops' written"))
        #expect(line.contains("data stream 'mlops' made"))
        let made = try template(road, "sluice-mlops")
        #expect(made["index_patterns"] as? [String] == ["mlops"])
        let policy = try HTTPClient.object(try HTTPClient.get(port, "/_ilm/policy/sluice-mlops"), "policy")
        #expect(policy["sluice-mlops"] != nil)
        let streams = try HTTPClient.object(try HTTPClient.get(port, "/_data_stream/mlops"), "stream")
        let stream = try #require((streams["data_streams"] as? [[String: Any]])?.first)
        #expect(stream["template"] as? String == "sluice-mlops")
        #expect(stream["ilm_policy"] as? String == "sluice-mlops")

        // Somebody changes it: it stays so.
        let other = #"{"index_patterns":["mlops"],"priority":7,"data_stream":{}}"#
        let put = try HTTPClient.send(
            port,
            "PUT",
            "/_index_template/sluice-mlops",
            headers: [("Content-Type", "application/json")],
            body: Array(other.utf8)
        )
        #expect(put.status == 200)
        let second = try await SluiceCommand.run("setup", road.path("pipeline.yml"))
        #expect(second.status == 0)
        #expect(second.output.contains("index template 'sluice-mlops' is there already"), "\(second.output)")
        #expect(try template(road, "sluice-mlops")["priority"] as? Int == 7)

        try pipeline(road, port: port, index: "mlops", "{overwrite: true}")
        let third = try await SluiceCommand.run("setup", road.path("pipeline.yml"))
        #expect(third.status == 0)
        #expect(try template(road, "sluice-mlops")["priority"] as? Int == 150)
    }

    /// The destination starts after the agent; another output does not wait for it.
    @Test func aDestinationThatComesLaterIsSetUpFirst() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        road.receiver.kill()
        try pipeline(road, port: road.receiver.elasticsearchPort, index: "mlops", "true")
        try TextFile.write("first\nsecond\n", road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("the other output goes on", tail: { agent.errors }) { written(road) == 2 }
        try await Poll.until("it says what it waits for", tail: { agent.errors }) {
            agent.errors.contains("cannot be set up yet: trying again")
        }
        try FileManager.default.removeItem(atPath: road.path("receive-1.errors"))
        try await road.receiver.start()
        try await Poll.until("the events arrive", tail: { agent.errors }) {
            try road.receiver.elasticsearch.count("mlops") == 2
        }
        #expect(try template(road, "sluice-mlops")["index_patterns"] as? [String] == ["mlops"])
        // It was a data stream from its first event on.
        let port = road.receiver.elasticsearchPort
        #expect(try HTTPClient.get(port, "/_data_stream/mlops").status == 200)
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func whatAPersonMustMendHoldsThatOutputAloneAndLosesNothing() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let isAllowed = Mutex(false)
        let allowed: @Sendable () -> Bool = { isAllowed.withLock { $0 } }
        let server = try ScriptedServer { _, _ in
            .good
        } question: { request in
            if request.path == "/" { return .status(200, Self.elasticsearch) }
            if request.method == "GET" { return .status(404, "{}") }
            return allowed()
                ? .status(200, #"{"acknowledged":true}"#)
                : .status(403, #"{"error":{"reason":"action [x] is unauthorized"},"status":403}"#)
        }
        defer { server.stop() }
        try pipeline(road, port: server.port, index: "mlops", "true")
        try TextFile.write("first\nsecond\n", road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("the other output goes on", tail: { agent.errors }) { written(road) == 2 }
        // Said once, however often it is tried.
        try await Poll.until("it is tried again", tail: { agent.errors }) {
            server.asked.filter { $0.method == "PUT" }.count > 2
        }
        let said = AgentLog.entries(agent.errors).filter {
            ($0["message"] as? String)?.hasPrefix("output holds: its destination cannot be set up") == true
        }
        #expect(said.count == 1, "\(agent.errors)")
        #expect((said.first?["reason"] as? String)?.contains("manage_ilm") == true)
        #expect(server.received.isEmpty, "nothing goes before the set-up is done")
        isAllowed.withLock { $0 = true }
        try await Poll.until("the events arrive", tail: { agent.errors }) {
            server.taken.reduce(0) { $0 + $1.documents.count } == 2
        }
        #expect(try await road.terminate(agent) == 0)
    }

    /// What has nothing to send does not wait for a destination that is down.
    @Test func withoutEventsOnceEnds() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        road.receiver.kill()
        try pipeline(road, port: road.receiver.elasticsearchPort, index: "mlops", "true")
        try TextFile.write("", road.path("app.log"))
        try await road.runOnce()
    }

    @Test func openSearchGetsItsOwnForms() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let server = try ScriptedServer { _, _ in
            .good
        } question: { request in
            if request.path == "/" { return .status(200, Self.openSearch) }
            return request.method == "GET" ? .status(404, "{}") : .status(200, "{}")
        }
        defer { server.stop() }
        try pipeline(road, port: server.port, index: "mlops", "{retention: 90d}")
        let result = try await SluiceCommand.run("setup", road.path("pipeline.yml"))
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("fine: OpenSearch 2.19.1"))
        #expect(
            server.asked.map { "\($0.method) \($0.path)" } == [
                "GET /", "GET /_plugins/_ism/policies/sluice-mlops", "PUT /_plugins/_ism/policies/sluice-mlops",
                "GET /_index_template/sluice-mlops", "PUT /_index_template/sluice-mlops?create=true",
                "GET /_data_stream/mlops", "PUT /_data_stream/mlops",
            ]
        )
        let policy = try #require(server.asked.first { $0.method == "PUT" })
        #expect(policy.headers["content-type"] == "application/json")
        #expect(policy.body.contains("min_rollover_age"))
    }

    @Test func aDestinationThatIsDownIsUnavailable() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        road.receiver.kill()
        try pipeline(road, port: road.receiver.elasticsearchPort, index: "mlops", "true")
        let result = try await SluiceCommand.run("setup", road.path("pipeline.yml"))
        #expect(result.status == 69, "\(result.output)")
        #expect(result.output.contains("unavailable: gave no answer: Connection refused"))
    }

    @Test func helpSaysWhatItDoes() async throws {
        let help = try await SluiceCommand.run("help", "setup")
        #expect(help.output.contains("index template") && help.output.contains("OpenSearch"), "\(help.output)")
    }

    static let elasticsearch =
        #"{"cluster_name":"c","version":{"number":"8.19.0"},"tagline":"You Know, for Search"}"#
    static let openSearch =
        #"{"cluster_name":"c","version":{"distribution":"opensearch","number":"2.19.1"},"tagline":"The OpenSearch Project: https://opensearch.org/"}"#
}
