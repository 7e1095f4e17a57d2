// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Logs of containers: Docker's and those of Kubernetes.
@Suite(.serialized) struct ContainerTests {
    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func object(_ document: [String: Any], _ path: String) -> Any? {
        path.split(separator: ".").reduce(document as Any?) { ($0 as? [String: Any])?[String($1)] }
    }

    @Test(arguments: ["parse: container", "parsers: [container: {format: cri}]"])
    func kubernetes(_ option: String) async throws {
        let road = try await Road()
        let folder = "pods/prod_api-7c9_0f0a2b1c-1111-2222-3333-444455556666/web"
        try makeFolder(road.path(folder))
        try road.pipeline(["pods/*/*/*.log"], parse: option.hasPrefix("parse:") ? "container" : "none")
        if option.hasPrefix("parsers") {
            let text = try TextFile.read(road.path("pipeline.yml"))
            try TextFile.write(text.replacing("parse: none", with: option), road.path("pipeline.yml"))
        }
        let day = Clock.utc().prefix(10)
        try TextFile.write(
            """
            \(day)T00:00:00.1Z stdout P first 
            \(day)T00:00:00.2Z stderr F other
            \(day)T00:00:00.3Z stdout P and 
            \(day)T00:00:00.4Z stdout F last
            \(day)T00:00:00.5Z stdout F 
            not of a container

            """,
            road.path(folder + "/2.log")
        )
        try await road.runOnce()
        #expect(
            Set(try road.lokiLines()) == ["first and last", "other", "not of a container"]
        )
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        #expect(documents.count == 3)
        for document in documents {
            #expect(object(document, "kubernetes.namespace") as? String == "prod")
            #expect(object(document, "kubernetes.pod.name") as? String == "api-7c9")
            #expect(object(document, "kubernetes.pod.uid") as? String == "0f0a2b1c-1111-2222-3333-444455556666")
            #expect(object(document, "kubernetes.container.name") as? String == "web")
            #expect(object(document, "kubernetes.container.restart_count") as? Int == 2)
            switch document["message"] as? String {
            case "first and last":
                #expect(document["stream"] as? String == "stdout")
                #expect(document["@timestamp"] as? String == "\(day)T00:00:00.100Z")
            case "other": #expect(document["stream"] as? String == "stderr")
            default:
                #expect(document["stream"] == nil)
                #expect(object(document, "log.flags") as? [String] == ["container_parsing_error"])
            }
        }
    }

    @Test func docker() async throws {
        let road = try await Road()
        let id = String(repeating: "0123456789abcdef", count: 4)
        let folder = "containers/\(id)"
        try makeFolder(road.path(folder))
        try TextFile.write(
            #"{"ID":"\#(id)","Name":"/shop-web-1","Config":{"Image":"shop:7","Labels":{"com.shop.team":"blue"}}}"#,
            road.path(folder + "/config.v2.json")
        )
        try road.pipeline(["containers/*/*-json.log"], type: "container", parse: "json", input: "stream: stdout")
        let day = Clock.utc().prefix(10)
        func line(_ log: String, _ stream: String, _ fraction: Int) -> String {
            #"{"log":"\#(log)","stream":"\#(stream)","attrs":{"tag":"t"},"time":"\#(day)T00:00:00.\#(fraction)Z"}"#
                + "\n"
        }
        try TextFile.write(
            line(#"{\"level\":\"info\","#, "stdout", 100) + line(#"noise\n"#, "stderr", 200)
                + line(#"\"message\":\"hello\"}\n"#, "stdout", 300),
            road.path("\(folder)/\(id)-json.log")
        )
        try await road.runOnce()
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        #expect(documents.count == 1)
        let document = try #require(documents.first)
        #expect(document["message"] as? String == "hello" && document["level"] as? String == "info")
        #expect(object(document, "container.id") as? String == id)
        #expect(object(document, "container.name") as? String == "shop-web-1")
        #expect(object(document, "container.image.name") as? String == "shop:7")
        #expect(object(document, "container.labels.com_shop_team") as? String == "blue")
        #expect(object(document, "docker.attrs.tag") as? String == "t")
        #expect(document["stream"] as? String == "stdout")
    }

    /// Lines of one stream arrive while an event of the other is open, and not again after a kill.
    /// beats #37741: pieces of lines were joined that did not belong together.
    @Test func aStreamDoesNotWaitForTheOther() async throws {
        let road = try await Road()
        try road.pipeline(
            ["0.log"],
            type: "container",
            input: "multiline: {pattern: '^ ', match: after, timeout: 0s}"
        )
        let day = Clock.utc().prefix(10)
        func line(_ stream: String, _ text: String, _ second: Int) -> String {
            "\(day)T00:00:\(10 + second).5Z \(stream) F \(text)\n"
        }
        let text =
            line("stderr", "open", 0) + line("stdout", "a", 1) + line("stdout", "b", 2) + line("stdout", "c", 3)
        try TextFile.write(text, road.path("0.log"))
        let agent = try road.agent()
        try await road.waitForEvents(2, agent)
        #expect(try road.lokiLines() == ["a", "b"])
        #expect(try await road.terminate(agent) == 0)

        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        let pipeline = try TextFile.read(road.path("pipeline.yml"))
        try TextFile.write(
            pipeline.replacing(":\(road.receiver.elasticsearchPort)", with: ":\(server.port)"),
            road.path("pipeline.yml")
        )
        try TextFile.append(line("stderr", " end", 4), road.path("0.log"))
        try await road.runOnce()
        let sent = server.taken.flatMap(\.documents)
        #expect(sent.count == 2, "a and b are not sent again: \(sent)")
        #expect(sent.contains { $0.contains(#"open\n end"#) } && sent.contains { $0.contains(#""c""#) })
        #expect(Set(try road.lokiLines()) == ["a", "b", "c", "open\n end"])
    }
}
