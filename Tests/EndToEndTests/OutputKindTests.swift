// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// The outputs beside Loki and Elasticsearch.
@Suite(.serialized) struct OutputKindTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    /// Ships `app.log` once to an output.
    private func ship(_ output: String, parse: String = "none", expecting status: Int32 = 0) async throws
        -> Command.Result
    {
        let text = """
            name: kinds
            inputs:
              - type: file
                paths: ["\(path("app.log"))"]
                parse: \(parse)
            outputs:
              - \(output)
            """
        try TextFile.write(text, path("pipeline.yml"))
        let result = try await SluiceCommand.run("run", path("pipeline.yml"), "--state", path("state"), "--once")
        try #require(result.status == status, "\(result.errors)")
        return result
    }

    private func messages(_ text: String) throws -> [String] {
        try text.split(separator: "\n").map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return event?["message"] as? String ?? ""
        }
    }

    @Test("The console has one event a line, several lines with pretty, and one's own text with a format")
    func console() async throws {
        let lines = (0..<3000).map { "line \($0)" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", path("app.log"))
        #expect(try await messages(ship("{type: console}").output) == lines)

        try TextFile.write("{\"a\":{\"b\":[1,{}]},\"c\":\"x,\\\"y\"}\n", path("app.log"))
        let pretty = try await ship("{type: console, name: pretty, pretty: true}", parse: "json").output
        #expect(pretty.contains("\n  \"a\": {\n    \"b\": [\n      1,\n      {}\n    ]\n  },\n  \"c\": \"x,\\\"y\""))

        try TextFile.write("{\"user\":\"ann\",\"text\":\"a\\nb\"}\n", path("app.log"))
        let format = "{type: console, name: own, codec: {format: {string: '%{[user]}: %{[text]}'}}}"
        #expect(try await ship(format, parse: "json").output == "ann: a b\n")
    }

    @Test("A file has every event once, starts anew at its size and keeps as many as it should")
    func file() async throws {
        let lines = (0..<20_000).map { "line \($0) " + String(repeating: "x", count: 80) }
        try TextFile.write(lines.joined(separator: "\n") + "\n", path("app.log"))
        let output = "{type: file, path: \"\(path("out"))\", filename: app, rotate_every_kb: 512, number_of_files: 100}"
        _ = try await ship(output)
        _ = try await ship(output)
        let names = try FileManager.default.contentsOfDirectory(atPath: path("out")).filter { $0.hasPrefix("app") }
        #expect(names.count > 4)
        var found: [String] = []
        for name in names {
            let text = try TextFile.read(path("out/" + name))
            #expect(text.utf8.count <= 512 << 10)
            found += try messages(text)
        }
        #expect(Account(written: lines, arrived: found).isEven)
    }

    @Test(
        "A full disk holds a file back, and has neither lost nor repeated anything when there is room again",
        .enabled(if: SmallDisk.Kind.fileSystem.isPossible, "only root can mount a file system")
    )
    func fullDisk() async throws {
        let disk = try SmallDisk(.fileSystem, folder: path("disk"))
        let lines = (0..<4000).map { "line \($0) " + String(repeating: "y", count: 50) }
        try TextFile.write(lines.joined(separator: "\n") + "\n", path("app.log"))
        try TextFile.write(
            """
            inputs: [{type: file, paths: ["\(path("app.log"))"]}]
            outputs: [{type: file, path: "\(path("disk"))", backoff: {init: 20ms, max: 100ms}, bulk_max_bytes: 100KB}]
            """,
            path("pipeline.yml")
        )
        _ = try disk.cramp(room: 300 << 10)
        let agent = try ChildProcess(
            [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state"), "--once"],
            folder: folder.path,
            name: "agent"
        )
        try await Poll.until("the disk is full", tail: { agent.errors }) { agent.errors.contains("output fails") }
        disk.free()
        #expect(try await agent.exitStatus() == 0)
        #expect(agent.errors.contains("No space left on device"))
        #expect(try messages(TextFile.read(path("disk/sluice.ndjson"))) == lines)
    }

    @Test("A file that cannot be written is said at the start")
    func impossibleFile() async throws {
        try TextFile.write("one\n", path("app.log"))
        try TextFile.write("", path("occupied"))
        let result = try await ship("{type: file, path: \"\(path("occupied"))\"}", expecting: 74)
        #expect(result.errors.contains("occupied"))
    }

    @Test("HTTP gets lines or an array, and an event that is refused ends in the dead letters")
    func http() async throws {
        let lines = (0..<100).map { "line \($0)" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", path("app.log"))
        for (format, isArray) in [("ndjson", false), ("json_array", true)] {
            let server = try ScriptedServer { _, request in
                request.body.contains("line 42\"") ? .status(400, "no") : .status(200, "{}")
            }
            defer { server.stop() }
            let url = "http://127.0.0.1:\(server.port)/push"
            // An output that is new to a state gets what comes from now on.
            try? FileManager.default.removeItem(atPath: path("state"))
            let result = try await ship("{type: http, name: \(format), url: \"\(url)\", format: \(format)}")
            #expect(result.errors.contains("dead letters"))
            let bodies = server.received.filter { !$0.body.contains("line 42\"") }.map(\.body)
            let found = try bodies.flatMap { body in
                guard isArray else { return try messages(body) }
                let events = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]] ?? []
                return events.map { $0["message"] as? String ?? "" }
            }
            #expect(Account(written: lines.filter { $0 != "line 42" }, arrived: found).isEven)
        }
    }

    @Test("What an output does not take is said with its place")
    func mistakes() async throws {
        try TextFile.write("one\n", path("app.log"))
        for (output, reason) in [
            ("{type: file}", "path"),
            ("{type: file, path: /tmp, filename: a/b}", "a name without a directory"),
            ("{type: file, path: /tmp, codec: {json: {pretty: true}}}", "pretty"),
            ("{type: http, url: \"http://127.0.0.1/\", format: json_array, codec: {format: {string: x}}}", "ndjson"),
            ("{type: console, workers: 2}", "workers"),
        ] {
            let result = try await ship(output, expecting: 78)
            #expect(result.errors.contains("pipeline.yml:7:") && result.errors.contains(reason), "\(result.errors)")
        }
    }
}
