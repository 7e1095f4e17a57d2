// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `type: http`.
@Suite(.serialized) struct HTTPInputTests {
    private func gzip(_ text: String) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try TextFile.write(text, folder.path + "/body")
        _ = try await Command.run(["/usr/bin/env", "gzip", folder.path + "/body"])
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/body.gz")))
    }

    @Test func whatIsAnsweredIsThere() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: http, id: a, listen_port: 0"])
        let agent = try road.agent()
        let port = try await road.port(of: "a", agent)
        for body in [#"{"message":"one"}"#, "{\"message\":\"two\"}\n{\"message\":\"three\"}\n", "[]"] {
            let answer = try HTTPClient.post(port, "/", json: body)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"message": "success"}"#)
        }
        #expect(
            try HTTPClient.post(port, "/", json: #"[{"message":"four"},{"message":"five","a":{"b":1}}]"#).status == 200
        )
        let zipped = try await HTTPClient.send(
            port,
            "POST",
            "/",
            headers: [("Content-Encoding", "gzip")],
            body: try gzip(#"{"message":"six"}"#)
        )
        #expect(zipped.status == 200)
        try await road.waitForEvents(6, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.elasticsearchMessages().sorted() == ["five", "four", "one", "six", "three", "two"])
        let five = try #require(
            try road.receiver.elasticsearch.documents("logs-test").first { $0["message"] as? String == "five" }
        )
        #expect((five["a"] as? [String: Int]) == ["b": 1])
    }

    @Test func whatIsWrongIsSaid() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [
            "type: http_endpoint, id: a, listen_port: 0, url: /logs, max_body_bytes: 4KiB, secret.header: X-Key, "
                + "secret.value: abc, basic_auth: true, username: u, password: p"
        ])
        let (agent, metrics) = try await road.agentWithMetrics()
        let port = try await road.port(of: "a", agent)
        let right = [
            ("X-Key", "abc"), ("Authorization", "Basic dTpw"), ("Content-Type", "application/json; charset=x"),
        ]
        func answer(
            _ body: String,
            _ headers: [(String, String)],
            method: String = "POST",
            path: String = "/logs"
        ) throws -> HTTPMessage {
            try HTTPClient.send(port, method, path, headers: headers, body: Array(body.utf8))
        }
        let object = #"{"message":"one"}"#
        #expect(try answer(object, right).status == 200)
        let compressed = try await gzip(String(repeating: " ", count: 100_000) + object)
        let cases: [(HTTPMessage, Int, String)] = [
            (try answer("{\"message\":\"x\"}\n{bad", right), 400, "line 2 is not a JSON object"),
            (try answer("[1]", right), 400, "element 0 of the array is no JSON object"),
            (try answer("", right), 400, "the body is empty"),
            (try answer(object, right + [("Content-Encoding", "gzip")]), 400, "the body is not gzip"),
            (try answer(object, Array(right.dropFirst())), 401, "incorrect header or header secret"),
            (try answer(object, [("X-Key", "abc")]), 401, "incorrect username or password"),
            (try answer(object, [("X-Key", "abc"), ("Authorization", "Basic dTpx")]), 401, "incorrect username"),
            (try answer(object, right, path: "/"), 404, "post to /logs"),
            (try answer("", right, method: "GET"), 405, "only POST"),
            (try answer(String(repeating: " ", count: 5000) + object, right), 413, "larger than 4096 bytes"),
            (try answer(object, right.filter { $0.0 != "Content-Type" }), 415, "wrong Content-Type"),
            (try answer(object, right + [("Content-Encoding", "br")]), 415, "Content-Encoding"),
            (
                try HTTPClient.send(
                    port,
                    "POST",
                    "/logs",
                    headers: right + [("Content-Encoding", "gzip")],
                    body: compressed
                ), 413, "larger than 4096 bytes"
            ),
        ]
        for (found, status, text) in cases {
            #expect(found.status == status)
            #expect(found.text.contains(text), "\(found.text)")
            #expect(found.text.hasPrefix(#"{"message": ""#))
        }
        #expect(
            try PrometheusText(HTTPClient.get(metrics, "/metrics").text).sum("sluice_input_refused_requests_total")
                == Double(cases.count)
        )
        // A request of something that is no HTTP ends nothing.
        let socket = try Socket.connected(port: port, timeout: 10)
        try socket.send(Array("nonsense\r\n\r\n".utf8))
        _ = try? socket.receive()
        socket.close()
        #expect(try answer(#"{"message":"two"}"#, right).status == 200)
        try await road.waitForEvents(2, agent)
        #expect(try await road.terminate(agent) == 0)
        // Nothing came of what was refused. Filebeat's type has Filebeat's prefix.
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        #expect(documents.compactMap { ($0["json"] as? [String: String])?["message"] }.sorted() == ["one", "two"])
        #expect(documents.count == 2)
        #expect(!agent.errors.contains("dTpw") && !agent.errors.contains("abc"), "secrets are not said")
    }

    /// While the queue is full, senders are told to come again; what was said yes to is all there in the end.
    @Test func aFullQueueIsAnsweredWith429() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [
            "type: http, id: a, listen_port: 0, queue.max_bytes: 1MiB, max_body_bytes: 512KiB, retry_after: 3"
        ])
        road.receiver.kill()
        let agent = try road.agent()
        let port = try await road.port(of: "a", agent)
        let padding = String(repeating: "x", count: 1000)
        var accepted: [String] = []
        var refusal: HTTPMessage?
        while refusal == nil, accepted.count < 5000 {
            let messages = (0..<100).map { "\(accepted.count + $0) \(padding)" }
            let answer = try HTTPClient.post(
                port,
                "/",
                json: messages.map { #"{"message":"\#($0)"}"# }.joined(separator: "\n")
            )
            if answer.status == 200 { accepted += messages } else { refusal = answer }
        }
        let full = try #require(refusal)
        #expect(full.status == 429)
        #expect(full.headers["retry-after"] == "3")
        #expect(full.text.contains("the queue is full"))
        #expect(accepted.count >= 500)
        try await road.receiver.start()
        let last = #"{"message":"last"}"#
        try await Poll.until("there is room again", tail: { agent.errors }) {
            try HTTPClient.post(port, "/", json: last).status == 200
        }
        try await road.waitForEvents(accepted.count + 1, agent)
        #expect(try await road.terminate(agent) == 0)
        let account = Account(written: accepted + ["last"], arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
    }
}
