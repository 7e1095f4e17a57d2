// SPDX-License-Identifier: Apache-2.0

import Testing

/// Whom an agent believes on the way to Logstash, and what it says where it does not.
@Suite(.serialized, .enabled(if: CertificateAuthority.canBeMade, "the command openssl is not installed"))
struct LogstashTLSTests {
    private static let trusted = "ssl.certificate_authorities: [FOLDER/authority.pem]"
    private static let identified = [trusted, "ssl.certificate: FOLDER/client.pem", "ssl.key: FOLDER/client.key"]
    private static let lines = (0..<100).map { "line \($0 + 1000)" }

    private let folder: TemporaryFolder
    private let authority: CertificateAuthority

    init() async throws {
        folder = try TemporaryFolder()
        authority = try await CertificateAuthority(folder: folder.path)
        try await authority.issue("server")
        try await authority.issue("expired", days: -1)
        try await authority.issue("other", for: "DNS:search.example.org,IP:10.0.0.1")
        try await authority.issue("client", for: "DNS:client")
        try await CertificateAuthority.selfSigned("self", folder: folder.path)
        try TextFile.write(Self.lines.joined(separator: "\n") + "\n", path("app.log"))
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func front(_ certificate: String, clientAuthority: String? = nil, _ server: LumberjackServer) async throws
        -> TLSFront
    {
        try await TLSFront(
            certificate: path(certificate + ".pem"),
            key: path(certificate + ".key"),
            clientAuthority: clientAuthority,
            server: server.port
        )
    }

    /// Runs an agent to its end.
    private func ship(_ port: Int, _ options: [String], _ arguments: [String] = []) async throws -> ChildProcess {
        let lines = (options + ["backoff: {init: 20ms, max: 100ms}"]).map {
            "    \($0.replacing("FOLDER", with: folder.path))\n"
        }
        try TextFile.write(
            """
            inputs: [{type: file, paths: ["\(path("app.log"))"]}]
            outputs:
              - type: logstash
                hosts: ["127.0.0.1:\(port)"]
            \(lines.joined())
            """,
            path("pipeline.yml")
        )
        let agent = try ChildProcess(
            [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state"), "--once"] + arguments,
            folder: folder.path,
            name: "agent-\(port)"
        )
        _ = try await agent.exitStatus()
        return agent
    }

    @Test(
        "Refused with a sentence that says why, with nothing sent, and delivered once when it is mended",
        arguments: [
            ("expired", [trusted], "its certificate has expired on 20"),
            ("self", [trusted], "its certificate is self-signed and not trusted"),
            ("other", [trusted], "its certificate is for search.example.org, 10.0.0.1 and not for '127.0.0.1'"),
            ("server", ["ssl.enabled: true"], "its certificate is from an unknown authority, 'CN=authority'"),
            (
                "server", [trusted, "ssl.ca_sha256: '\(String(repeating: "A", count: 43))='"],
                "no certificate of its chain has one of the pins in ssl.ca_sha256"
            ),
        ] as [(String, [String], String)]
    )
    func refuses(_ certificate: String, _ options: [String], _ sentence: String) async throws {
        let server = try LumberjackServer()
        defer { server.stop() }
        let bad = try await front(certificate, server)
        defer { bad.stop() }
        let refused = try await ship(bad.port, options, ["--timeout", "1"])
        #expect(refused.status == 69)
        let reasons = AgentLog.entries(refused.errors).compactMap { $0["reason"] as? String }
        #expect(
            reasons.contains { $0.hasPrefix("127.0.0.1:\(bad.port) gave no acknowledgement: \(sentence)") },
            "\(reasons)"
        )
        #expect(server.windows.isEmpty, "nothing is sent to whom it does not believe")

        let good = try await front("server", server)
        defer { good.stop() }
        #expect(try await ship(good.port, [Self.trusted]).status == 0)
        #expect(server.messages == Self.lines)
        #expect(server.violations == [])
    }

    @Test("A client certificate that is asked for is brought, or said to be missing")
    func clientCertificate() async throws {
        let server = try LumberjackServer()
        defer { server.stop() }
        let front = try await front("server", clientAuthority: authority.certificate, server)
        defer { front.stop() }
        let refused = try await ship(front.port, [Self.trusted], ["--timeout", "1"])
        #expect(refused.status == 69)
        #expect(
            refused.errors.contains("it asks for a client certificate: give ssl.certificate and ssl.key"),
            "\(refused.errors)"
        )
        #expect(server.windows.isEmpty)
        #expect(try await ship(front.port, Self.identified).status == 0)
        #expect(server.messages == Self.lines)
    }

    @Test("Plain text to a port that speaks TLS is no acknowledgement, and TLS to one that does not is said")
    func mismatch() async throws {
        let server = try LumberjackServer()
        defer { server.stop() }
        let agent = try await ship(server.port, [Self.trusted], ["--timeout", "1"])
        #expect(agent.status == 69)
        #expect(agent.errors.contains("gave no acknowledgement: it closed the connection during the TLS handshake"))
        let front = try await front("server", server)
        defer { front.stop() }
        let plain = try await ship(front.port, [], ["--timeout", "1"])
        #expect(plain.status == 69)
        #expect(plain.errors.contains("127.0.0.1:\(front.port) gave no acknowledgement"))
        #expect(server.windows.isEmpty)
    }
}
