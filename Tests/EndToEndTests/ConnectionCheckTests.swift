// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `sluice check --connect`: a line for each address of each output, with what is wrong there in words.
@Suite(.serialized) struct ConnectionCheckTests {
    /// Checks a pipeline with these outputs, each in YAML's flow style; the lines but for the configuration's own.
    private func check(_ outputs: [String]) async throws -> (status: Int32, lines: [String]) {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let text =
            "name: p\ninputs: [{type: file, paths: [/nonexistent/*.log]}]\noutputs:\n"
            + outputs.map { "  - \($0)\n" }.joined()
        try TextFile.write(text, folder.path + "/pipeline.yml")
        let result = try await SluiceCommand.run("check", "--connect", folder.path + "/pipeline.yml")
        #expect(result.errors == "", "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("p: fine") == true, "\(lines)")
        return (result.status, Array(lines.dropFirst()))
    }

    private func elasticsearch(_ port: Int, _ more: String = "", scheme: String = "http") -> String {
        "{type: elasticsearch, hosts: [\"\(scheme)://127.0.0.1:\(port)\"], index: logs-p-default\(more)}"
    }

    private func loki(_ port: Int, _ more: String = "") -> String {
        "{type: loki, url: \"http://127.0.0.1:\(port)\", labels: {job: p}\(more)}"
    }

    /// A port that nobody listens on.
    private func deadPort() throws -> Int {
        let listener = try Socket.listening()
        defer { listener.close() }
        return listener.port
    }

    @Test func allIsWell() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let logstash = try LumberjackServer()
        defer { logstash.stop() }
        let (status, lines) = try await check([
            loki(road.receiver.lokiPort), elasticsearch(road.receiver.elasticsearchPort),
            "{type: logstash, hosts: [\"127.0.0.1:\(logstash.port)\"]}", "{type: file, path: \(road.path("new/out"))}",
            "{type: console}", "{type: http, url: \"http://127.0.0.1:\(road.receiver.lokiPort)/ready\"}",
        ])
        #expect(status == 0, "\(lines)")
        try #require(lines.count == 6)
        #expect(lines[0].hasPrefix("p/loki: http://127.0.0.1:\(road.receiver.lokiPort): fine: Loki 3."), "\(lines[0])")
        #expect(lines[1].contains("fine: Elasticsearch 8.") && lines[1].contains("'logs-p-default' is not there yet"))
        #expect(lines[2].contains("fine: it acknowledges an empty window"), "\(lines[2])")
        #expect(lines[3].contains("fine: '\(road.folder)' can be written"), "\(lines[3])")
        #expect(lines[5].contains("fine: it answers (HTTP 200 to HEAD)"), "\(lines[5])")
        #expect(try road.receiver.elasticsearch.count("logs-p-default") == 0)
        #expect(logstash.taken.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: road.path("new")), "nothing is made")
    }

    @Test func everyHostHasItsLine() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let dead = try deadPort()
        let alive = road.receiver.elasticsearchPort
        let (status, lines) = try await check([
            "{type: elasticsearch, hosts: [\"127.0.0.1:\(dead)\", \"127.0.0.1:\(alive)\"]}",
            "{type: logstash, hosts: [\"127.0.0.1:\(dead)\"]}",
            "{type: loki, url: \"http://sluice.invalid:3100\", labels: {a: b}}",
        ])
        #expect(status == 69)
        try #require(lines.count == 4)
        #expect(
            lines[0]
                == "p/elasticsearch: http://127.0.0.1:\(dead): unavailable: gave no answer: Connection refused: "
                + "check that it runs, and that this machine may reach it"
        )
        #expect(lines[1].contains("http://127.0.0.1:\(alive): fine:"))
        #expect(lines[2].contains("127.0.0.1:\(dead): unavailable: ") && lines[2].contains("Connection refused"))
        #expect(lines[3].contains("unavailable: ") && lines[3].contains("'sluice.invalid' has no address: correct it"))
    }

    @Test func theWrongKindOfServer() async throws {
        let road = try await Road()
        defer { withExtendedLifetime(road) {} }
        let (status, lines) = try await check([
            elasticsearch(road.receiver.lokiPort), loki(road.receiver.elasticsearchPort),
            "{type: file, path: \(road.path("pipe")), name: f}",
        ])
        #expect(status == 78)
        #expect(lines[0].contains("wrong: what answers there is a Loki ("), "\(lines[0])")
        #expect(lines[1].contains("wrong: what answers there is an Elasticsearch 8."), "\(lines[1])")

        try TextFile.write("", road.path("plain"))
        let file = try await check(["{type: file, path: \(road.path("plain/logs"))}"])
        #expect(file.status == 78)
        #expect(file.lines[0].contains("wrong: '\(road.path("plain"))"), "\(file.lines)")
    }

    @Test func credentials() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try TextFile.write("a-long-and-secret-token", folder.path + "/token")
        let road = try await Road(receiverOptions: ["--token-file", folder.path + "/token"])
        defer { withExtendedLifetime(road) {} }
        let port = road.receiver.elasticsearchPort
        let without = try await check([elasticsearch(port), loki(road.receiver.lokiPort)])
        #expect(without.status == 78)
        #expect(without.lines.allSatisfy { $0.contains("wrong: it wants credentials (401)") }, "\(without.lines)")
        let wrong = try await check([elasticsearch(port, ", api_key: another-token")])
        #expect(wrong.status == 78)
        #expect(wrong.lines[0].contains("wrong: it does not take the credentials (401)"))
        #expect(!wrong.lines[0].contains("another-token"))
        let right = try await check([elasticsearch(port, ", bearer_token: a-long-and-secret-token")])
        #expect(right.status == 0, "\(right.lines)")
    }

    @Test(.enabled(if: CertificateAuthority.canBeMade, "the command openssl is not installed"))
    func certificates() async throws {
        let road = try await SecureRoad { authority in
            try await CertificateAuthority.selfSigned("self", folder: authority.folder)
            try await authority.issue("other", for: "DNS:search.example.org")
        }
        defer { withExtendedLifetime(road) {} }
        let port = road.receiver.elasticsearchPort
        let trust = ", ssl.certificate_authorities: [\"\(road.authority.certificate)\"]"
        let good = try await check([elasticsearch(port, trust, scheme: "https")])
        #expect(good.status == 0, "\(good.lines)")
        let unknown = try await check([elasticsearch(port, scheme: "https")])
        #expect(unknown.status == 78)
        #expect(unknown.lines[0].contains("wrong: gave no answer: its certificate is from an unknown authority"))
        let plain = try await check([elasticsearch(port)])
        // One that hangs up without a word may be ill as well.
        #expect([69, 78].contains(plain.status))
        #expect(plain.lines[0].contains("the address begins with https://"), "\(plain.lines)")

        for (name, words) in [("self", "its certificate is self-signed"), ("other", "and not for '127.0.0.1'")] {
            try road.serve(name)
            // The new certificate is served from the next second on.
            try await Poll.until("the certificate '\(name)' is refused") {
                let (status, lines) = try await check([elasticsearch(port, trust, scheme: "https")])
                return status == 78 && lines.first?.contains(words) == true
            }
        }
    }

    @Test func tenants() async throws {
        let server = try ScriptedServer { _, request in
            request.headers["x-scope-orgid"] == nil
                ? .status(401, "no org id\n") : .status(422, "at least one valid stream is required\n")
        } question: { request in
            switch request.path {
            case "/ready": .status(200, "ready\n")
            case "/loki/api/v1/status/buildinfo": .status(200, #"{"version":"3.1.0","revision":"x"}"#)
            case "/config/tenant/v1/limits": .status(200, #"{"max_line_size":"64KB"}"#)
            default: .status(404, "404 page not found\n")
            }
        }
        defer { server.stop() }
        let without = try await check([loki(server.port)])
        #expect(without.status == 78)
        #expect(without.lines[0].contains("wrong: it is for several tenants (401: no org id): say which with 'tenant'"))
        let right = try await check([loki(server.port, ", tenant: mine")])
        #expect(right.status == 0, "\(right.lines)")
        #expect(right.lines[0].contains("it takes less than limits.max_line_size: set that to 65536"), "\(right.lines)")
        #expect(server.asked.last?.headers["accept"] == "application/json")
    }

    /// What asks for TLS hangs up on who does not speak it, and says so first if it can.
    @Test(.enabled(if: CertificateAuthority.canBeMade, "the command openssl is not installed"))
    func logstash() async throws {
        let road = try await SecureRoad()
        defer { withExtendedLifetime(road) {} }
        let port = road.receiver.elasticsearchPort
        let host = "hosts: [\"127.0.0.1:\(port)\"]"
        let trust = "ssl.certificate_authorities: [\"\(road.authority.certificate)\"]"
        let untrusted = try await check(["{type: logstash, \(host), ssl.enabled: true}"])
        #expect(untrusted.status == 78)
        #expect(
            untrusted.lines[0].contains("wrong: its certificate is from an unknown authority"),
            "\(untrusted.lines)"
        )
        let trusted = try await check(["{type: logstash, \(host), \(trust)}"])
        #expect(trusted.lines[0].contains("TLS") || trusted.lines[0].contains("HTTP"), "\(trusted.lines)")
        let closing = try LumberjackServer { _ in [.close] }
        defer { closing.stop() }
        let closed = try await check(["{type: logstash, hosts: [\"127.0.0.1:\(closing.port)\"]}"])
        #expect(closed.status == 78)
        #expect(closed.lines[0].contains("wrong: it closed the connection on an empty window"), "\(closed.lines)")
    }
}
