// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `encoding: protobuf`, from a file to the embedded backend.
@Suite(.serialized) struct LokiProtobufTests {
    @Test("What arrives is the same as with JSON")
    func same() async throws {
        let road = try await Road()
        let words = ["quoted \\\"text\\\"", "tab\\there", "ü🦆", "\\u0001", ""]
        let lines = (0..<6000).map { #"{"n":\#($0),"who":"\#(words[$0 % 5])","m":"prediction served"}"# }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        var text = "name: test\ninputs: [{type: file, paths: [\"\(road.path("app.log"))\"], parse: json}]\noutputs:\n"
        for encoding in ["json", "protobuf"] {
            text += """
                  - {type: loki, name: \(encoding), url: "http://127.0.0.1:\(road.receiver.lokiPort)", encoding: \(encoding),
                     labels: {job: \(encoding), who: "%{[who]}"}, structured_metadata: [n]}

                """
        }
        try TextFile.write(text, road.path("pipeline.yml"))
        try await road.runOnce()
        func entries(_ job: String) throws -> [String] {
            try road.receiver.loki.entries("{job=\"\(job)\"}").map { entry in
                let labels = entry.labels.filter { $0.key != "job" && $0.key != "service_name" }
                return "\(entry.nanoseconds) \(labels.sorted { $0.key < $1.key }) \(entry.line)"
            }.sorted()
        }
        let found = try entries("protobuf")
        #expect(found.count == lines.count)
        #expect(try found == entries("json"))
        #expect(try StateFile(road).deadLetters().isEmpty)
    }

    @Test("Lines that are no JSON, and what the backend refuses of them")
    func refused() async throws {
        let road = try await Road()
        try TextFile.write("one\n", road.path("app.log"))
        try TextFile.append([0xff, 0x0a] + Array("three ü\n".utf8), road.path("app.log"))
        try TextFile.write(
            """
            name: test
            inputs: [{type: file, paths: ["\(road.path("app.log"))"]}]
            outputs:
              - {type: loki, url: "http://127.0.0.1:\(road.receiver.lokiPort)", encoding: protobuf, labels: {job: test}}

            """,
            road.path("pipeline.yml")
        )
        try await road.runOnce()
        #expect(try road.lokiLines() == ["one", "\u{FFFD}", "three ü"])
    }

    @Test("Dead letters that are sent again arrive")
    func deadLetters() async throws {
        let road = try await Road()
        let long = String(repeating: "ü", count: 500)
        func pipeline(_ options: String) throws {
            try TextFile.write(
                """
                name: test
                inputs: [{type: file, paths: ["\(road.path("app.log"))"]}]
                outputs:
                  - {type: loki, url: "http://127.0.0.1:\(road.receiver.lokiPort)", encoding: protobuf, labels: {job: test},
                     backoff: {init: 20ms, max: 100ms}\(options)}

                """,
                road.path("pipeline.yml")
            )
        }
        try TextFile.write("one\n\(long)\nthree\n", road.path("app.log"))
        try pipeline(", limits: {max_line_size: 100}")
        try await road.runOnce()
        #expect(try road.lokiLines() == ["one", "three"])
        #expect(try StateFile(road).deadLetters().map(\.text) == [Array(long.utf8)])

        try pipeline("")
        let retry = try await Command.run(
            [SluiceCommand.path, "deadletters", "retry", "--all"]
                + ["--state", road.path("state"), "--pipeline", road.path("pipeline.yml")]
        )
        #expect(retry.status == 0 && retry.output.contains("1 dead letters have arrived"), "\(retry)")
        #expect(try road.lokiLines().sorted() == ["one", "three", long].sorted())
        #expect(try StateFile(road).deadLetters().isEmpty)
    }

    @Test("igzip that is asked for is used, or said to be missing")
    func igzip() async throws {
        let road = try await Road()
        let lines = (0..<2000).map { "line \($0)" }
        try TextFile.write(lines.map { $0 + "\n" }.joined(), road.path("app.log"))
        try road.pipeline(["app.log"], output: "compression: {engine: igzip, level: 1}")
        let agent = try await road.runOnce()
        #expect(try road.lokiLines() == lines)
        #expect(try road.elasticsearchMessages().sorted() == lines.sorted())
        let said = AgentLog.entries(agent.errors).filter {
            ($0["message"] as? String)?.hasPrefix("igzip is asked for") == true
        }
        // One line for each output, or none.
        #expect(said.isEmpty || said.count == 2)
    }
}
