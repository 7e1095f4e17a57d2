// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Secrets from the keystore, from files and from the environment: used, and shown nowhere.
@Suite(.serialized) struct SecretTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    /// Runs a command line with something on its standard input.
    private func sluice(_ arguments: String..., input: String = "", password: String? = nil) async throws
        -> Command.Result
    {
        try TextFile.write(input, path("input"))
        let quoted = ([SluiceCommand.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let variable = password.map { "SLUICE_KEYSTORE_PASSWORD='\($0)' " } ?? ""
        return try await Command.run(["/bin/sh", "-c", "\(variable)exec \(quoted) <'\(path("input"))'"])
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test(
        "The keystore keeps, lists, replaces and removes, and holds nothing in plain text",
        arguments: ["", "pass word"]
    )
    func keystore(_ password: String) async throws {
        let file = path("deep/keystore")
        func run(_ arguments: String..., input: String = "") async throws -> Command.Result {
            let words = ["keystore"] + arguments + ["--keystore", file]
            try TextFile.write(input, path("input"))
            let quoted = ([SluiceCommand.path] + words).map { "'\($0)'" }.joined(separator: " ")
            return try await Command.run([
                "/bin/sh", "-c", "SLUICE_KEYSTORE_PASSWORD='\(password)' exec \(quoted) <'\(path("input"))'",
            ])
        }
        let early = try await run("add", "KEY", "--stdin", input: "x")
        #expect(early.status == 74)
        #expect(early.errors == "sluice: there is no keystore '\(file)': make one with 'sluice keystore create'\n")
        #expect(try await run("create").status == 0)
        #expect(mode(file) == 0o600)
        #expect(try await run("create").errors.contains("--force throws its secrets away"))
        #expect(try await run("add", "KEY", "--stdin", input: "the first one\n").status == 0)
        #expect(try await run("add", "OTHER", "--stdin", input: "the other one").status == 0)
        #expect(try await run("add", "KEY", "--stdin", input: "x").errors.contains("--force replaces it"))
        #expect(try await run("add", "NEW", input: "x").errors.contains("with --stdin"))
        #expect(try await run("add", "KEY", "--stdin", "--force", input: "the second one").status == 0)
        #expect(try await run("add", "a b", "--stdin", input: "x").status == 64)
        #expect(try await run("add", "EMPTY", "--stdin", input: "\n").errors.contains("nothing was added"))
        let list = try await run("list")
        #expect(list.output == "KEY\nOTHER\n" && list.errors.isEmpty)
        #expect(try await run("remove", "OTHER").status == 0)
        #expect(try await run("remove", "OTHER").errors.contains("there is no secret 'OTHER'"))
        #expect(try await run("list").output == "KEY\n")
        #expect(mode(file) == 0o600)
        let text = try TextFile.read(file)
        #expect(!text.contains("KEY") && !text.contains("second"))

        let wrong = try await sluice("keystore", "list", "--keystore", file, password: "another")
        #expect(wrong.status == 74 && wrong.output.isEmpty)
        #expect(wrong.errors.contains("the password is not that of the keystore, or the file is damaged"))
        unsafe chmod(file, 0o644)
        #expect(try await run("list").errors.contains("is open to others: close it with 'chmod 600"))
    }

    @Test(
        "Secrets reach the destination from the keystore before the environment, and from files, and are seen nowhere"
    )
    func used() async throws {
        let secrets = ["kept-in-the-keystore", "kept-in-a-file", "kept-in-the-environment"]
        let server = try ScriptedServer { number, _ in number < 3 ? .status(503, "later") : .good }
        defer { server.stop() }
        let state = path("state")
        #expect(try await sluice("keystore", "create", "--state", state).status == 0)
        let add = try await sluice("keystore", "add", "KEY", "--stdin", "--state", state, input: secrets[0] + "\n")
        #expect(add.status == 0 && add.output.isEmpty && add.errors.isEmpty)
        try TextFile.write(secrets[1] + "\n", path("secret"))
        try TextFile.write("one\n", path("app.log"))
        let pipeline = """
            name: secrets
            inputs: [{type: file, paths: ["\(path("app.log"))"]}]
            outputs:
              - type: elasticsearch
                hosts: ["http://127.0.0.1:\(server.port)"]
                index: x
                bearer_token: ${KEY}
                headers: {X-File: "${file:\(path("secret"))}", X-Environment: "${PLAIN}"}
                backoff: {init: 20ms, max: 100ms}
            """
        try TextFile.write(pipeline, path("pipeline.yml"))
        let variables = ["KEY": "from the environment", "PLAIN": secrets[2]]
        let agent = try ChildProcess(
            [
                SluiceCommand.path, "run", path("pipeline.yml"), "--state", state, "--listen", "127.0.0.1:0",
                "--log-level", "trace",
            ],
            folder: folder.path,
            name: "agent",
            environment: variables
        )
        var port: Int?
        try await Poll.until("it delivers", tail: { agent.errors }) {
            let entry = AgentLog.entries(agent.errors).first { $0["message"] as? String == "telemetry is served" }
            port = (entry?["address"] as? String)?.split(separator: ":").last.flatMap { Int($0) }
            return port != nil && !server.taken.isEmpty
        }
        let request = try #require(server.taken.first)
        #expect(request.headers["authorization"] == "Bearer \(secrets[0])")
        #expect(request.headers["x-file"] == secrets[1])
        #expect(request.headers["x-environment"] == secrets[2])
        let metrics = try HTTPClient.get(port ?? 0, "/metrics").text
        let status = try HTTPClient.get(port ?? 0, "/status").text
        agent.send(SIGTERM)
        #expect(try await agent.exitStatus() == 0)

        // Everything that is wrong with them, said without them.
        try TextFile.write(
            pipeline.replacing(
                "index: x",
                with: "index: x\n    bulk_max_size: ${KEY}\n    timeout: ${file:\(path("secret"))}"
            )
            .replacing("hosts: [", with: "proxy_url: \"ftp://u:${KEY}@h\"\n    hosts: [\"http://u:${KEY}@h:1\", "),
            path("wrong.yml")
        )
        let check = try await Command.run([
            "/usr/bin/env", "PLAIN=\(secrets[2])", SluiceCommand.path, "check", path("wrong.yml"), "--state", state,
        ])
        #expect(check.status == 78)
        #expect(check.errors.contains("found a string from the environment"), "\(check.errors)")
        #expect(check.errors.split(separator: "\n").count == 4, "\(check.errors)")
        for secret in secrets {
            for text in [agent.errors, metrics, status, check.errors, check.output] { #expect(!text.contains(secret)) }
        }
    }

    @Test("A secret's file that is not there is a problem of the configuration, with its place")
    func missingFile() async throws {
        try TextFile.write("outputs:\n  - type: console\n    name: ${file:/nowhere/at/all}\n", path("p.yml"))
        let check = try await SluiceCommand.run("check", path("p.yml"), "--state", path("state"))
        #expect(check.status == 78)
        #expect(check.errors.contains(":3:11: the secret in '/nowhere/at/all' cannot be read: there is no such file"))
    }

    @Test("The receiver's token, from a file: 401 without it, in each API's words, and delivery with it")
    func token() async throws {
        try TextFile.write("a-long-token\n", path("token"))
        let road = try await Road(receiverOptions: ["--token-file", path("token")])
        let loki = try HTTPClient.get(road.receiver.lokiPort, "/ready")
        #expect(loki.status == 401 && loki.text.hasPrefix("unauthorized: "))
        #expect(loki.headers["www-authenticate"] == "Basic realm=\"sluice\"")
        let elasticsearch = try HTTPClient.post(road.receiver.elasticsearchPort, "/_bulk", json: "{}")
        #expect(elasticsearch.status == 401 && elasticsearch.text.contains(#""type":"security_exception""#))

        try TextFile.write("one\n", road.path("app.log"))
        try road.pipeline(["app.log"], output: "bearer_token: wrong")
        let refused = try await road.runOnce(["--timeout", "1"], expecting: 69)
        #expect(refused.errors.contains("401"))
        for (number, option) in ["api_key: 'id:a-long-token'", "{username: x, password: a-long-token}"].enumerated() {
            try TextFile.append("more \(number)\n", road.path("app.log"))
            let options = option.hasPrefix("{") ? "username: x\n    password: a-long-token" : option
            try road.pipeline(["app.log"], output: options)
            try await road.runOnce()
        }
        let plain = Data("any:a-long-token".utf8).base64EncodedString()
        let answer = try HTTPClient.send(
            road.receiver.elasticsearchPort,
            "GET",
            "/logs-test/_count",
            headers: [("Authorization", "Basic \(plain)")]
        )
        #expect(answer.text.contains(#""count":3"#), "\(answer.text)")
        #expect(!road.receiver.errors.contains("a-long-token"))
    }

    @Test("What is wrong with a receiver's token or certificate is said at once")
    func receiverComplaints() async throws {
        try TextFile.write("\n", path("empty"))
        let options = ["receive", "--loki", "127.0.0.1:0", "--elasticsearch", "off", "--data", path("data")]
        func complaint(_ arguments: String...) async throws -> Command.Result {
            try await Command.run([SluiceCommand.path] + options + arguments)
        }
        #expect(
            try await complaint("--token-file", path("empty")).errors.contains(
                "is empty: put a long random text into it"
            )
        )
        #expect(
            try await complaint("--token-file", path("none")).errors.contains("cannot be read: there is no such file")
        )
        let missing = try await complaint("--tls-certificate", path("none"), "--tls-key", path("none"))
        #expect(missing.status == 74)
        #expect(missing.errors.contains("TLS cannot be served: '\(path("none"))' cannot be read: No such file"))
        #expect(
            try await complaint("--tls-certificate", path("empty"), "--tls-key", path("empty")).errors.contains(
                "in PEM"
            )
        )
        #expect(try await complaint("--tls-certificate", path("empty")).status == 64)
        #expect(try await complaint("--tls-client-ca", path("empty")).status == 64)
    }
}
