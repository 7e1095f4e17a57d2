// SPDX-License-Identifier: Apache-2.0

import Testing

/// What is taken, and what is wrong, in the options of inputs.
@Suite struct InputConfigurationTests {
    private let outputs = "outputs:\n  - type: loki\n    url: http://127.0.0.1:1\n    labels: {a: b}\n"

    private func check(_ text: String) async throws -> Command.Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try TextFile.write(text + outputs, folder.path + "/p.yml")
        return try await SluiceCommand.run("check", folder.path + "/p.yml")
    }

    /// The blocks of the table of what is understood of Filebeat's inputs.
    @Test func filebeatsOptionsAreTaken() async throws {
        let blocks = Markdown.blocks("yaml", in: try Repository.read("filebeat-compat/inputs.md"))
        #expect(blocks.count == 2)
        for block in blocks {
            let result = try await check(block)
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test(arguments: [
        ("type: sysslog", "did you mean 'syslog'?"), ("type: syslog", "'protocol' is missing"),
        ("type: syslog, protocol.tcp: {host: \"x:1\"}, protocol.udp: {host: \"x:1\"}", "an input listens in one way"),
        ("type: syslog, protocol.tcp: {}", "'host' is missing"),
        ("type: syslog, protocol.tcp: {host: \"x:99999\"}", "expected a host and a port such as 127.0.0.1:5514"),
        ("type: syslog, protocol.tcp: {host: \"x:1\", framming: rfc6587}", "did you mean 'framing'?"),
        ("type: syslog, timezone: Nowhere/At, protocol.tcp: {host: \"x:1\"}", "is not known on this machine"),
        ("type: syslog, parse: json, protocol.tcp: {host: \"x:1\"}", "'parse'"),
        ("type: tcp, host: \"x:1\", line_delimiter: abc", "expected a single byte"),
        ("type: tcp, host: \"x:1\", queue.max_bytes: 1KiB", "at least 1048576 bytes"),
        ("type: udp, host: \"x:1\", framing: rfc6587", "'framing'"), ("type: unix", "'path' is missing"),
        ("type: unix, path: /x, mode: \"999\"", "expected permissions such as"),
        ("type: http, url: logs", "expected a path such as /logs"),
        ("type: http, basic_auth: true, username: a", "'password' is missing"),
        ("type: http, secret.header: X", "'secret.value' is missing"),
        ("type: http, response_body: x", "expected JSON"),
        ("type: http, max_body_bytes: 512MiB", "does not fit into the queue"),
        ("type: http, ssl: {enabled: true}", "'ssl'"), ("type: journald, include_matches: [x]", "is no match"),
        ("type: journald, paths: [var]", "is no absolute path"),
        ("type: journald, facilities: [24]", "numbers from 0 to 23"),
        ("type: journald, seek: middle", "expected one of head, tail, since, cursor"),
        ("type: stdin, paths: [/x]", "'paths'"),
        ("type: stdin, id: a}\n  - {type: stdin, id: a", "two inputs have the id 'a'"),
    ])
    func problemsAreFound(_ input: String, _ expected: String) async throws {
        let result = try await check("inputs:\n  - {\(input)}\n")
        #expect(result.status == 78)
        #expect(result.errors.contains(expected), "\(result.errors)")
    }
}
