// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Whom an agent believes over TLS, what it says where it does not, and that everything arrives once it can.
@Suite(.serialized, .enabled(if: CertificateAuthority.canBeMade, "the command openssl is not installed"))
struct TLSTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The server's certificate, by its name.
        var server = "server"
        var options = [trusted]
        var receiverOptions: [String] = []
        let sentence: String
        /// What mends it.
        var mendedServer = "server"
        var mended = [trusted]
    }

    private static let trusted = "ssl.certificate_authorities: [FOLDER/authority.pem]"
    private static let identified = [trusted, "ssl.certificate: FOLDER/client.pem", "ssl.key: FOLDER/client.key"]
    private static let demanding = ["--tls-client-ca", "FOLDER/authority.pem"]

    static let cases: [Case] = [
        Case(testDescription: "expired", server: "expired", sentence: "its certificate has expired on 20"),
        Case(
            testDescription: "not yet valid",
            server: "future",
            sentence: "its certificate is not yet valid, before 21"
        ),
        Case(
            testDescription: "self-signed",
            server: "self",
            sentence: "its certificate is self-signed and not trusted"
        ),
        Case(
            testDescription: "for another name",
            server: "other",
            sentence: "its certificate is for search.example.org, 10.0.0.1 and not for '127.0.0.1'"
        ),
        Case(
            testDescription: "the name in the subject alone, in strict mode",
            server: "nameless",
            options: [trusted, "ssl.verification_mode: strict"],
            sentence: "its certificate has no alternative names",
            mended: [trusted, "ssl.verification_mode: strict"]
        ),
        Case(
            testDescription: "unknown authority",
            options: [],
            sentence: "its certificate is from an unknown authority, 'CN=authority', which the system does not have"
        ),
        Case(
            testDescription: "another authority of the same name",
            server: "impostor",
            sentence: "its certificate is from an unknown authority"
        ),
        Case(
            testDescription: "a client's certificate",
            server: "forClients",
            sentence: "its certificate is not one for servers"
        ),
        Case(
            testDescription: "wrong pin",
            options: [trusted, "ssl.ca_sha256: '\(String(repeating: "A", count: 43))='"],
            sentence: "no certificate of its chain has one of the pins in ssl.ca_sha256"
        ),
        Case(
            testDescription: "wrong fingerprint",
            options: ["ssl.ca_trusted_fingerprint: '\(String(repeating: "0", count: 64))'"],
            sentence: "its certificate is from an unknown authority"
        ),
        Case(
            testDescription: "client certificate demanded, TLS 1.3",
            receiverOptions: demanding,
            sentence: "it asks for a client certificate: give ssl.certificate and ssl.key",
            mended: identified
        ),
        Case(
            testDescription: "client certificate demanded, TLS 1.2",
            options: [trusted, "ssl.supported_protocols: [TLSv1.2]"],
            receiverOptions: demanding,
            sentence: "if it asks for a client certificate, give ssl.certificate and ssl.key",
            mended: identified + ["ssl.supported_protocols: [TLSv1.2]"]
        ),
        Case(
            testDescription: "client certificate of another authority",
            options: [trusted, "ssl.certificate: FOLDER/self.pem", "ssl.key: FOLDER/self.key"],
            receiverOptions: demanding,
            sentence: "it does not accept the client certificate",
            mended: identified
        ),
        Case(
            testDescription: "key of another certificate",
            options: [trusted, "ssl.certificate: FOLDER/client.pem", "ssl.key: FOLDER/self.key"],
            receiverOptions: demanding,
            sentence: "ssl.certificate and ssl.key do not go together",
            mended: identified
        ),
        Case(
            testDescription: "wrong passphrase",
            options: [
                trusted, "ssl.certificate: FOLDER/client.pem", "ssl.key: FOLDER/client.encrypted",
                "ssl.key_passphrase: hunter3",
            ],
            receiverOptions: demanding,
            sentence: "does not open with ssl.key_passphrase",
            mended: [
                trusted, "ssl.certificate: FOLDER/client.pem", "ssl.key: FOLDER/client.encrypted",
                "ssl.key_passphrase: hunter2",
            ]
        ),
        Case(
            testDescription: "authorities that are not there",
            options: ["ssl.certificate_authorities: [FOLDER/none.pem]"],
            sentence: "none.pem' cannot be read: No such file or directory"
        ),
    ]

    private static func prepare(_ authority: CertificateAuthority) async throws {
        let folder = authority.folder
        try await authority.issue("expired", days: -1)
        try await authority.issue("other", for: "DNS:search.example.org,IP:10.0.0.1")
        try await authority.issue("client", for: "DNS:client")
        try await CertificateAuthority.encrypt(
            folder + "/client.key",
            passphrase: "hunter2",
            to: folder + "/client.encrypted"
        )
        try await authority.issue("nameless", extensions: "keyUsage=digitalSignature")
        try await authority.issue("forClients", extensions: "extendedKeyUsage=clientAuth\nsubjectAltName=IP:127.0.0.1")
        try await authority.issue("future", from: "21000101000000Z")
        try await CertificateAuthority.selfSigned("self", folder: folder)
        try FileManager.default.createDirectory(atPath: folder + "/impostor", withIntermediateDirectories: false)
        let impostor = try await CertificateAuthority(folder: folder + "/impostor")
        try await impostor.issue("server")
        for ending in ["pem", "key"] {
            try TextFile.rename("\(folder)/impostor/server.\(ending)", "\(folder)/impostor.\(ending)")
        }
        for ending in ["pem", "key"] {
            try TextFile.write(try TextFile.read("\(folder)/server.\(ending)"), "\(folder)/good.\(ending)")
        }
    }

    @Test("Refused with a sentence, and delivered once when it is mended", arguments: cases)
    func refuses(_ row: Case) async throws {
        let road = try await SecureRoad(receiverOptions: row.receiverOptions) { authority in
            try await Self.prepare(authority)
            for ending in ["pem", "key"] {
                let folder = authority.folder
                try TextFile.write(try TextFile.read("\(folder)/\(row.server).\(ending)"), "\(folder)/server.\(ending)")
            }
        }
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try road.pipeline(row.options)
        let refused = try await road.runOnce(["--timeout", "1"], expecting: 69)
        let reasons = AgentLog.entries(refused.errors).compactMap { $0["reason"] as? String }
        for port in [road.receiver.lokiPort, road.receiver.elasticsearchPort] {
            #expect(
                reasons.contains {
                    $0.hasPrefix("https://127.0.0.1:\(port) gave no answer") && $0.contains(row.sentence)
                },
                "\(reasons)"
            )
        }
        #expect(!refused.errors.contains("hunter"), "a passphrase is never shown")
        try road.serve("good")
        try road.pipeline(row.mended)
        _ = try await road.runOnce()
        let arrived = try await road.arrived()
        #expect(arrived.loki == ["one", "two"])
        #expect(arrived.elasticsearch.sorted() == ["one", "two"])
    }

    @Test(
        "Believed",
        arguments: [
            ("server", ["ssl.certificate_authorities: [FOLDER/authority.pem]", "ssl.verification_mode: strict"]),
            ("other", ["ssl.certificate_authorities: [FOLDER/authority.pem]", "ssl.verification_mode: certificate"]),
            ("self", ["ssl.certificate_authorities: [FOLDER/self.pem]"]),
            ("expired", ["ssl.verification_mode: none"]),
            ("server", ["ssl.certificate_authorities: [FOLDER/authority.pem]", "ssl.ca_sha256: PIN"]),
            ("chain", ["ssl.ca_trusted_fingerprint: FINGERPRINT"]),
            (
                "server",
                [
                    "ssl.certificate_authorities: [FOLDER/authority.pem]",
                    "ssl.cipher_suites: [ECDHE-ECDSA-AES-128-GCM-SHA256]", "ssl.supported_protocols: [TLSv1.2]",
                    "ssl.curve_types: [P-256]",
                ]
            ),
        ] as [(String, [String])]
    )
    func believes(_ server: String, _ options: [String]) async throws {
        let road = try await SecureRoad { authority in
            let folder = authority.folder
            try await Self.prepare(authority)
            let pair = try TextFile.read(folder + "/server.pem") + TextFile.read(authority.certificate)
            try TextFile.write(pair, folder + "/chain.pem")
            try TextFile.write(try TextFile.read(folder + "/server.key"), folder + "/chain.key")
            for ending in ["pem", "key"] {
                try TextFile.write(try TextFile.read("\(folder)/\(server).\(ending)"), "\(folder)/server.\(ending)")
            }
        }
        let pin = try await CertificateAuthority.pin(road.authority.certificate)
        let fingerprint = try await CertificateAuthority.fingerprint(road.authority.certificate)
        try road.pipeline(
            options.map { $0.replacing("PIN", with: "'\(pin)'").replacing("FINGERPRINT", with: "'\(fingerprint)'") }
        )
        try TextFile.write("one\n", road.path("app.log"))
        let agent = try await road.runOnce()
        let isLoud = agent.errors.contains("ssl.verification_mode is none: whoever answers gets the events")
        #expect(isLoud == options.contains { $0.hasSuffix("none") })
        let arrived = try await road.arrived()
        #expect(arrived.loki == ["one"])
        #expect(arrived.elasticsearch == ["one"])
    }

    @Test("Authorities written into the configuration, and a host by its name")
    func inlineAuthority() async throws {
        let road = try await SecureRoad()
        let lines = try TextFile.read(road.authority.certificate).split(separator: "\n")
        try road.pipeline(
            ["ssl.certificate_authorities:", "  - |"] + lines.map { "    \($0)" },
            host: "localhost"
        )
        try TextFile.write("one\n", road.path("app.log"))
        _ = try await road.runOnce()
        #expect(try await road.arrived().loki == ["one"])
    }

    @Test("A client certificate that changes is used without a start, and a half-written one is not")
    func changesWhileRunning() async throws {
        let road = try await SecureRoad(receiverOptions: Self.demanding) { authority in
            try await Self.prepare(authority)
            let folder = authority.folder
            for ending in ["pem", "key"] {
                try TextFile.write(try TextFile.read("\(folder)/self.\(ending)"), "\(folder)/mine.\(ending)")
            }
        }
        try road.pipeline([Self.trusted, "ssl.certificate: FOLDER/mine.pem", "ssl.key: FOLDER/mine.key"])
        try TextFile.write("one\n", road.path("app.log"))
        let agent = try road.agent()
        try await Poll.until("it is refused", tail: { agent.errors }) {
            agent.errors.contains("it does not accept the client certificate")
        }
        for ending in ["key", "pem"] {
            try TextFile.write(try TextFile.read(road.path("client.\(ending)")), road.path("mine.\(ending)"))
        }
        func works(_ times: Int) -> Bool {
            agent.errors.split(separator: "\n").filter { $0.contains("output works again") }.count == 2 * times
        }
        try await Poll.until("both outputs work", tail: { agent.errors }) { works(1) }

        road.receiver.kill()
        try TextFile.write("-----BEGIN CERTIFICATE-----\nMIIB", road.path("mine.pem"))
        try TextFile.append("two\n", road.path("app.log"))
        try await Poll.until("the receiver is missed", tail: { agent.errors }) {
            agent.errors.contains("Connection refused")
        }
        // Files are looked at once a second.
        try await Task.sleep(for: .milliseconds(1100))
        try await road.receiver.start()
        try await Poll.until("both outputs work again", tail: { agent.errors }) { works(2) }
        #expect(agent.errors.contains("the old ones are kept until they can"))
        agent.send(SIGTERM)
        #expect(try await agent.exitStatus() == 0)
        let arrived = try await road.arrived()
        #expect(arrived.loki == ["one", "two"])
        #expect(arrived.elasticsearch.sorted() == ["one", "two"])
    }

    @Test("http to a port that speaks TLS is told so")
    func plainTextToTLS() async throws {
        let road = try await SecureRoad()
        try TextFile.write("one\n", road.path("app.log"))
        try road.pipeline([], scheme: "http")
        let agent = try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(agent.errors.contains("if it speaks TLS, the address begins with https://"), "\(agent.errors)")
    }

    @Test("An alert of TLS on a plain connection is recognised")
    func alertOnAPlainConnection() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .raw("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{28}") }
        defer { server.stop() }
        try TextFile.write("one\n", road.path("app.log"))
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        let agent = try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(agent.errors.contains("it speaks TLS: the address begins with https://"), "\(agent.errors)")
    }

    @Test("Through a tunnel, the server's certificate counts, and the proxy gets its password")
    func throughAProxy() async throws {
        let road = try await SecureRoad()
        let proxy = try TunnelProxy()
        defer { proxy.stop() }
        try TextFile.write("one\n", road.path("app.log"))
        let url = "proxy_url: http://ann:secret%21@127.0.0.1:\(proxy.port)"
        try road.pipeline([Self.trusted, url], host: "search.example.org")
        let refused = try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(
            refused.errors.contains(
                "gave no answer through the proxy 127.0.0.1:\(proxy.port): its certificate is for localhost, 127.0.0.1 "
                    + "and not for 'search.example.org'"
            ),
            "\(refused.errors)"
        )
        #expect(!refused.errors.contains("secret"))
        try road.pipeline([Self.trusted, url], host: "localhost")
        _ = try await road.runOnce()
        let credentials = Data("ann:secret!".utf8).base64EncodedString()
        #expect(proxy.requests.allSatisfy { $0.authorization == "Basic \(credentials)" })
        #expect(proxy.requests.contains { $0.target == "localhost:\(road.receiver.lokiPort)" })
        #expect(try await road.arrived().loki == ["one"])
    }

    @Test("Plain requests to a proxy name the whole address, and the environment's exceptions go without")
    func plainProxy() async throws {
        let road = try await Road()
        let proxy = try ScriptedServer { _, _ in .good }
        defer { proxy.stop() }
        try TextFile.write("one\n", road.path("app.log"))
        func pipeline(_ option: String) throws {
            let text = """
                name: test
                inputs: [{type: file, paths: ["\(road.path("app.log"))"]}]
                outputs:
                  - type: elasticsearch
                    hosts: ["http://search.invalid:9200/es"]
                    index: x
                    \(option)
                """
            try TextFile.write(text, road.path("pipeline.yml"))
        }
        try pipeline("proxy_url: 'http://ann:b@127.0.0.1:\(proxy.port)'")
        try await road.runOnce()
        let request = try #require(proxy.taken.first)
        #expect(request.path.hasPrefix("http://search.invalid:9200/es/x/_bulk"), "\(request.path)")
        #expect(request.headers["host"] == "search.invalid:9200")
        #expect(request.headers["proxy-authorization"] == "Basic YW5uOmI=")

        func run(_ option: String, _ variables: [String: String], _ line: String) async throws -> Int32 {
            try pipeline(option)
            try TextFile.append(line + "\n", road.path("app.log"))
            let agent = try ChildProcess(
                [SluiceCommand.path, "run", road.path("pipeline.yml"), "--state", road.path("state"), "--once"]
                    + ["--timeout", line == "two" ? "60" : "1"],
                folder: road.folder,
                name: "proxied-\(line)",
                environment: variables
            )
            return try await agent.exitStatus()
        }
        let variables = ["HTTP_PROXY": "127.0.0.1:\(proxy.port)", "NO_PROXY": "example.org"]
        #expect(try await run("", variables, "two") == 0)
        #expect(proxy.taken.count == 2)
        #expect(try await run("proxy_disable: true", variables, "three") == 69)
        let exempt = variables.merging(["NO_PROXY": "invalid"]) { $1 }
        #expect(try await run("", exempt, "four") == 69)
        #expect(proxy.taken.count == 2)
    }
}
