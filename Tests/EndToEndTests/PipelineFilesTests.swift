// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The ready pipelines, and those in documents and examples, are taken and do what they say.
@Suite(.serialized) struct PipelineFilesTests {
    @Test func checkTakesAllOfThem() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var files = ["pipelines", "Examples"].flatMap { Repository.files(below: $0, extensions: ["yml", "yaml"]) }
            // Configurations of the library have the same ending.
            .filter { !$0.hasSuffix("/logging.yaml") }.map { Repository.root + "/" + $0 }
        try #require(files.count >= 3)
        let documents = ["README.md", "Sources/SluiceLogging/Documentation.docc/Tutorial.md"]
        let blocks = try documents.flatMap { Markdown.blocks("yaml", in: try Repository.read($0)) }
        for (number, block) in blocks.enumerated() {
            // A block that shows a part is completed.
            var text = block
            if !text.contains("outputs:") {
                text += "outputs:\n  - type: loki\n    url: http://x:1\n    labels: {a: b}\n"
            }
            if !text.contains("inputs:") { text += "inputs:\n  - type: file\n    paths: [/x]\n" }
            if !text.contains("name: ") || !text.hasPrefix("name:") { text = "name: readme\n" + text }
            files.append("\(folder.path)/\(number).yml")
            try TextFile.write(text, "\(folder.path)/\(number).yml")
        }
        for file in files {
            let result = try await Command.run(
                ["/usr/bin/env", "ELASTICSEARCH_PASSWORD=x", SluiceCommand.path, "check", file]
            )
            #expect(result.status == 0, "\(file): \(result.output)\(result.errors)")
        }
    }

    /// Writes a ready pipeline with the road's ports, and another path to read from.
    private func pipeline(_ file: String, _ road: Road, _ path: String, _ replacement: String) throws {
        let text = try Repository.read(file)
        try #require(text.contains(path))
        let rewritten = text.replacing(path, with: replacement)
            .replacing("127.0.0.1:3100", with: "127.0.0.1:\(road.receiver.lokiPort)")
            .replacing("127.0.0.1:9200", with: "127.0.0.1:\(road.receiver.elasticsearchPort)")
        try TextFile.write(rewritten, road.path("pipeline.yml"))
    }

    @Test func mlops() async throws {
        let road = try await Road()
        try pipeline("pipelines/mlops.yml", road, "/var/log/mlops/", road.folder + "/")
        var lines = ""
        for (number, level) in ["INFO", "DEBUG", "WARNING", "INFO"].enumerated() {
            lines += #"{"timestamp":"\#(Clock.utc()).\#(number)00000Z","level":"\#(level)","logger":"mlops","#
            lines += #""message":"prediction \#(number)","request_id":"r\#(number)","user_id":\#(number)}"# + "\n"
        }
        try TextFile.write(lines, road.path("api.log"))
        try await road.runOnce()

        let entries = try road.receiver.loki.entries(#"{service="mlops-api"}"#)
        #expect(entries.count == 3, "DEBUG is dropped")
        let first = try #require(entries.first)
        #expect(first.labels["level"] == "INFO")
        #expect(first.labels["request_id"] == "r0", "structured metadata is shown with the labels")
        #expect(first.labels["user_id"] == "0")
        #expect(first.line.contains(#""message":"prediction 0""#))
        #expect(first.line.contains(#""environment":"production""#))
        #expect(entries.map { $0.nanoseconds / 100_000_000 % 10 } == [0, 2, 3], "the times of the lines")

        let index = "logs-mlops-api-" + Clock.utc().prefix(10).replacing("-", with: ".")
        let documents = try road.receiver.elasticsearch.documents(index)
        #expect(
            documents.compactMap { $0["message"] as? String }.sorted() == [
                "prediction 0", "prediction 2", "prediction 3",
            ]
        )
        for document in documents {
            #expect(document["environment"] as? String == "production")
            #expect((document["@timestamp"] as? String)?.hasPrefix(String(Clock.utc().prefix(10))) == true)
        }
    }

    @Test func dpkg() async throws {
        let road = try await Road()
        try pipeline("pipelines/dpkg.yml", road, "/var/log/dpkg.log", road.path("dpkg.log"))
        let lines = (10..<60).map { "2026-11-22 05:31:\($0) status installed libc\($0):amd64 2.36-9+deb12u1" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", road.path("dpkg.log"))
        try await road.runOnce()
        let entries = try road.receiver.loki.entries(#"{service="dpkg"}"#)
        #expect(entries.map(\.line) == lines)
        #expect(entries.allSatisfy { $0.labels["host"]?.isEmpty == false })
        let documents = try road.receiver.elasticsearch.documents("logs-dpkg-*")
        #expect(Account(written: lines, arrived: documents.map { $0["message"] as? String ?? "" }).isEven)
        #expect(documents.allSatisfy { (($0["host"] as? [String: Any])?["name"] as? String)?.isEmpty == false })
    }

    @Test func containers() async throws {
        let road = try await Road()
        try pipeline("pipelines/containers.yml", road, "/var/log/", road.folder + "/")
        let folder = road.path("pods/shop_web-1_0f0a2b1c/web")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let day = Clock.utc().prefix(10)
        let lines = [
            "stdout F ready", "stderr F Exception: x", "stdout F served", "stderr F   at y", "stderr F Caused by: z",
            "stdout P in ", "stdout F pieces",
        ]
        let text = lines.enumerated().map { "\(day)T00:00:0\($0.offset).25Z \($0.element)\n" }.joined()
        try TextFile.write(text, folder + "/0.log")
        try await road.runOnce()
        let entries = try road.receiver.loki.entries(#"{namespace="shop",container="web"}"#)
        let expected = ["ready", "Exception: x\n  at y\nCaused by: z", "served", "in pieces"]
        #expect(entries.map(\.line) == expected)
        #expect(entries.map { $0.labels["stream"] } == ["stdout", "stderr", "stdout", "stdout"])
        let documents = try road.receiver.elasticsearch.documents(
            "logs-shop-" + day.replacing("-", with: ".")
        )
        #expect(documents.compactMap { $0["message"] as? String } == expected)
    }

    @Test func logstash() async throws {
        let folder = try TemporaryFolder()
        let server = try LumberjackServer()
        defer { server.stop() }
        let text = try Repository.read("pipelines/logstash.yml")
        try #require(text.contains("/var/log/shop/") && text.contains("127.0.0.1:5044"))
        let rewritten = text.replacing("/var/log/shop/", with: folder.path + "/")
            .replacing("127.0.0.1:5044", with: "127.0.0.1:\(server.port)")
        try TextFile.write(rewritten, folder.path + "/pipeline.yml")
        try TextFile.write(
            #"{"timestamp":"2026-11-22T05:31:01Z","message":"sold"}"# + "\n",
            folder.path + "/app.log"
        )
        let result = try await SluiceCommand.run(
            "run",
            folder.path + "/pipeline.yml",
            "--state",
            folder.path + "/state",
            "--once"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.messages == ["sold"])
        #expect(server.taken.first?.contains(#""@timestamp":"2026-11-22T05:31:01"#) == true, "\(server.taken)")
        #expect(server.taken.first?.contains(#""beat":"filebeat""#) == true)
    }

    /// Logs that are there on most systems.
    @Test(.enabled(if: (try? TextFile.read("/var/log/dpkg.log"))?.isEmpty == false))
    func theDpkgLogOfThisMachine() async throws {
        let road = try await Road()
        let text = try TextFile.read("/var/log/dpkg.log")
        try TextFile.write(text, road.path("dpkg.log"))
        try pipeline("pipelines/dpkg.yml", road, "/var/log/dpkg.log", road.path("dpkg.log"))
        try await road.runOnce()
        let lines = text.split(separator: "\n").map(String.init)
        let arrived = try road.receiver.loki.entries(#"{service="dpkg"}"#).map(\.line)
        let account = Account(written: lines, arrived: arrived)
        #expect(account.isEven, "\(account)")
    }
}
