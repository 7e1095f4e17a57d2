// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// `type: syslog`, `tcp`, `udp` and `unix`.
@Suite(.serialized) struct SyslogInputTests {
    private let message = "<34>1 2026-10-11T22:14:15.003Z h.example.com su 7 ID47 [a@1 x=\"1\"] \u{feff}failed"

    private func check(_ document: [String: Any], sender: String?) throws {
        #expect(document["@timestamp"] as? String == "2026-10-11T22:14:15.003Z")
        #expect(document["message"] as? String == "failed")
        let log = try #require(document["log"] as? [String: Any])
        let syslog = try #require(log["syslog"] as? [String: Any])
        #expect(syslog["priority"] as? Int == 34)
        #expect(syslog["hostname"] as? String == "h.example.com")
        #expect(syslog["appname"] as? String == "su")
        #expect(syslog["procid"] as? String == "7")
        #expect(syslog["msgid"] as? String == "ID47")
        #expect((syslog["structured_data"] as? [String: [String: String]]) == ["a@1": ["x": "1"]])
        #expect((syslog["facility"] as? [String: Any])?["name"] as? String == "security/authorization")
        #expect((syslog["severity"] as? [String: Any])?["name"] as? String == "Critical")
        let address = (log["source"] as? [String: String])?["address"]
        if let sender { #expect(address?.hasPrefix(sender) == true) } else { #expect(address == nil) }
        #expect(document["host"] != nil)
    }

    @Test(arguments: ["tcp", "udp", "stream", "datagram"])
    func aMessageBecomesFields(_ transport: String) async throws {
        let road = try await Road()
        let path = road.path("socket")
        switch transport {
        case "stream": try road.pipeline(inputs: ["type: syslog, id: a, protocol.unix: {path: \"\(path)\"}"])
        case "datagram":
            try road.pipeline(
                inputs: [
                    "type: syslog, id: a, protocol.unix: {path: \"\(path)\", socket_type: datagram, mode: \"0622\"}"
                ]
            )
        default: try road.pipeline(inputs: ["type: syslog, id: a, protocol.\(transport): {host: \"127.0.0.1:0\"}"])
        }
        let agent = try road.agent()
        let port = try await road.port(of: "a", agent)
        let sender: MessageSender
        switch transport {
        case "tcp": sender = try MessageSender(.tcp(port: port))
        case "udp": sender = try MessageSender(.udp(port: port))
        case "stream": sender = try MessageSender(.unixStream(path: path))
        default: sender = try MessageSender(.unixDatagram(path: path))
        }
        try sender.send(message + "\n")
        try await road.waitForDocuments(1, agent)
        if transport == "datagram" {
            var status = stat()
            _ = unsafe stat(path, &status)
            #expect(status.st_mode & 0o777 == 0o622)
        }
        #expect(try await road.terminate(agent) == 0)
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        #expect(documents.count == 1)
        try check(try #require(documents.first), sender: transport.hasSuffix("p") ? "127.0.0.1:" : nil)
        let isThere = unsafe access(path, F_OK) == 0
        #expect(!isThere, "the socket is removed")
    }

    /// Counted messages and those with line ends, in one connection; what is left at its end is a message too.
    @Test func framingIsDetectedForEachMessage() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: syslog, id: a, timezone: UTC, protocol.tcp: {host: \"127.0.0.1:0\"}"])
        let agent = try road.agent()
        let port = try await road.port(of: "a", agent)
        do {
            let sender = try MessageSender(.tcp(port: port))
            for piece in ["1", "5 <13>a: one\ntwo!", "<13>three\n<13>fo", "ur\r\n", "16 <13>b[7]: five\n6", "<13>six"] {
                try sender.send(piece)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        try await road.waitForEvents(5, agent)
        #expect(try await road.terminate(agent) == 0)
        let messages = try road.elasticsearchMessages().sorted()
        #expect(messages == ["five\n6", "four", "one\ntwo!", "six", "three"])
    }

    @Test func plainMessagesAndOptions() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [
            "type: tcp, id: t, host: \"127.0.0.1:0\", line_delimiter: \"\\0\", max_message_size: 16, metadata: false",
            "type: udp, id: u, host: \"127.0.0.1:0\", parse: json", "type: unix, id: x, path: \"\(road.path("s"))\"",
        ])
        let agent = try road.agent()
        let tcp = try MessageSender(.tcp(port: try await road.port(of: "t", agent)))
        try tcp.send("a\nb\0" + String(repeating: "c", count: 40) + "\0")
        let udp = try MessageSender(.udp(port: try await road.port(of: "u", agent)))
        try udp.send(#"{"message":"json"}"#)
        _ = try await road.address(of: "x", agent)
        let unix = try MessageSender(.unixStream(path: road.path("s")))
        try unix.send("<13>not parsed\n")
        try await road.waitForEvents(4, agent)
        #expect(try await road.terminate(agent) == 0)
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        #expect(
            documents.compactMap { $0["message"] as? String }.sorted() == [
                "<13>not parsed", "a\nb", String(repeating: "c", count: 16), "json",
            ]
        )
        let plain = try #require(documents.first { $0["message"] as? String == "a\nb" })
        #expect(Set(plain.keys) == ["@timestamp", "message"])
    }

    /// The sender waits while the destinations are away and the queue is full; then everything arrives, in order.
    @Test func aStreamIsHeldBackAndLosesNothing() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: tcp, id: a, host: \"127.0.0.1:0\", queue.max_bytes: 1MiB"])
        road.receiver.kill()
        let (agent, metrics) = try await road.agentWithMetrics()
        let port = try await road.port(of: "a", agent)
        let lines = (0..<9000).map { "\($0) " + String(repeating: "x", count: 1000) }
        let sending = Task.detached {
            let sender = try MessageSender(.tcp(port: port))
            for line in lines { try sender.send(line + "\n") }
        }
        try await Poll.until("the queue is full", tail: { agent.errors }) {
            try PrometheusText(HTTPClient.get(metrics, "/metrics").text).sum("sluice_input_queue_bytes") >= 1_048_576
        }
        try await Task.sleep(for: .milliseconds(300))
        let held = try PrometheusText(HTTPClient.get(metrics, "/metrics").text).sum("sluice_input_queue_bytes")
        #expect(held < 2_097_152, "it stays within its limit, but for what one connection had read")
        try await road.receiver.start()
        try await sending.value
        try await road.waitForEvents(lines.count, agent)
        #expect(try await road.terminate(agent) == 0)
        let account = Account(written: lines, arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
        #expect(try road.lokiLines() == lines)
    }

    /// Nobody can be told to wait by UDP: what does not fit is dropped, and every datagram is accounted for.
    @Test func droppedDatagramsAreCounted() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: udp, id: a, host: \"127.0.0.1:0\", queue.max_bytes: 1MiB"])
        road.receiver.kill()
        let (agent, metrics) = try await road.agentWithMetrics()
        let sender = try MessageSender(.udp(port: try await road.port(of: "a", agent)))
        func counts() throws -> (dropped: Int, queued: Int) {
            let text = try PrometheusText(HTTPClient.get(metrics, "/metrics").text)
            return (
                Int(text.sum("sluice_input_dropped_datagrams_total")), Int(text.sum("sluice_input_queue_bytes"))
            )
        }
        var sent = 0
        var dropped = 0
        let body = String(repeating: "x", count: 994)
        while dropped < 100 {
            // No more at once than the system keeps for the agent.
            for _ in 0..<50 {
                try sender.send(String(100_000 + sent) + body)
                sent += 1
            }
            try await Poll.until("all \(sent) are taken or dropped", tail: { agent.errors }) {
                let (lost, queued) = try counts()
                dropped = lost
                return lost + queued / 1005 >= sent
            }
        }
        try await road.receiver.start()
        try await road.waitForEvents(sent - dropped, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.receiver.elasticsearch.count("logs-test") == sent - dropped)
        #expect(sent - dropped > 1000, "a full queue")
        let warnings = AgentLog.entries(agent.errors).filter {
            ($0["message"] as? String)?.hasPrefix("datagrams are dropped") == true
        }
        #expect(warnings.count == 1, "said once")
    }

    @Test func aPortThatIsInUseIsSaid() async throws {
        let road = try await Road()
        let taken = try Socket.listening()
        try road.pipeline(inputs: ["type: tcp, id: a, host: \"127.0.0.1:\(taken.port)\""])
        let agent = try road.agent()
        #expect(try await agent.exitStatus() == 74)
        #expect(
            agent.errors.contains("the input 'a' cannot listen on 127.0.0.1:\(taken.port)/tcp: Address already in use")
        )
    }

    /// The ready pipeline, with other ports.
    @Test func theReadyPipeline() async throws {
        let road = try await Road()
        let text = try Repository.read("pipelines/syslog.yml")
        #expect(text.contains("127.0.0.1:5514"))
        try TextFile.write(
            text.replacing("127.0.0.1:5514", with: "127.0.0.1:0")
                .replacing("127.0.0.1:3100", with: "127.0.0.1:\(road.receiver.lokiPort)")
                .replacing("127.0.0.1:9200", with: "127.0.0.1:\(road.receiver.elasticsearchPort)"),
            road.path("pipeline.yml")
        )
        let agent = try road.agent()
        let udp = try MessageSender(.udp(port: try await road.port(of: "syslog-udp", agent)))
        try udp.send("<11>1 \(Clock.utc())Z h app - - - by UDP")
        let tcp = try MessageSender(.tcp(port: try await road.port(of: "syslog-tcp", agent)))
        try tcp.send("<13>1 \(Clock.utc())Z h app - - - by TCP\n<14>by TCP from nowhere\n")
        try await Poll.until("all are there", tail: { agent.errors }) {
            try road.receiver.loki.entries(#"{service="syslog"}"#).count == 3
                && road.receiver.elasticsearch.count("logs-syslog-*") == 3
        }
        #expect(try await road.terminate(agent) == 0)
        let entries = try road.receiver.loki.entries(#"{service="syslog"}"#)
        #expect(Set(entries.map { $0.labels["level"] ?? "" }) == ["Error", "Notice", "Informational"])
        #expect(Set(entries.map { $0.labels["host"] ?? "" }) == ["h", "unknown"])
    }
}
