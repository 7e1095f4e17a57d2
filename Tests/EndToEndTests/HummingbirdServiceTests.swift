// SPDX-License-Identifier: Apache-2.0

import Testing

/// The example: what a request leaves in its log carries its id, and arrives once.
@Suite(.serialized) struct HummingbirdServiceTests {
    private func pipeline(_ road: Road) throws {
        let text = try Repository.read("Examples/hummingbird-service/pipeline.yml")
        for part in ["[logs/app.log]", "127.0.0.1:3100", "127.0.0.1:9200"] { try #require(text.contains(part)) }
        try TextFile.write(
            text.replacing("[logs/app.log]", with: "[\(road.path("logs/app.log"))]")
                .replacing("127.0.0.1:3100", with: "127.0.0.1:\(road.receiver.lokiPort)")
                .replacing("127.0.0.1:9200", with: "127.0.0.1:\(road.receiver.elasticsearchPort)"),
            road.path("pipeline.yml")
        )
    }

    private static func message(_ entry: [String: Any]) -> String { entry["message"] as? String ?? "" }

    @Test func eachRequestArrivesOnceWithItsIdentifier() async throws {
        let road = try await Road()
        try pipeline(road)
        let service = try await ExampleService(folder: road.folder)
        let agent = try road.agent()

        let identifiers = (0..<20).map { "request-\($0)" }
        for identifier in identifiers {
            let answer = try service.predict("0.5, 1, -2, 3.25", identifier: identifier)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["x-request-id"] == identifier)
        }
        let refused = try service.predict("1", identifier: "too-few-features")
        #expect(refused.status == 422, "\(refused.text)")
        #expect(refused.headers["x-request-id"] == "too-few-features")
        #expect(try await service.terminate() == 0, "\(service.process.errors)")

        let written = ExampleService.entries(road.path("logs/app.log"))
        #expect(Self.message(try #require(written.last)) == "stopped", "what comes last is written, too")
        let index = "logs-hummingbird-service-*"
        let selector = #"{service="hummingbird-service"}"#
        try await Poll.until("\(written.count) lines at both outputs", tail: { agent.errors }) {
            try road.receiver.elasticsearch.count(index) >= written.count
                && road.receiver.loki.entries(selector).count >= written.count
        }
        #expect(try await road.terminate(agent) == 0)

        let documents = try road.receiver.elasticsearch.documents(index)
        let entries = try road.receiver.loki.entries(selector)
        #expect(documents.count == written.count)
        #expect(entries.count == written.count)
        for identifier in identifiers {
            let own = documents.filter { $0["request_id"] as? String == identifier }
            // One through swift-log, by Hummingbird's own logger, and two through the other door.
            #expect(
                own.map { "\($0["logger"] as? String ?? ""): \(Self.message($0))" }.sorted() == [
                    "mlops.access: request handled", "mlops.http: input read", "mlops.prediction: prediction served",
                ]
            )
            let access = own.first { Self.message($0) == "request handled" }
            #expect(access?["method"] as? String == "POST")
            #expect(access?["path"] as? String == "/predictions", "without the query")
            #expect(access?["status"] as? Int == 200)
            #expect((access?["duration"] as? Double ?? 0) > 0)
            let atLoki = entries.filter { $0.labels["request_id"] == identifier }
            #expect(atLoki.count { $0.line.contains("request handled") } == 1)
            #expect(atLoki.count == own.count)
        }

        let errors = ExampleService.entries(road.path("logs/error.log"))
        #expect(errors.map { $0["request_id"] as? String } == ["too-few-features"])
        let exception = errors.first?["exception"] as? [String: Any]
        #expect(exception?["expected"] as? Int == 4)
        #expect(exception?["found"] as? Int == 1)
        let predictions = ExampleService.entries(road.path("logs/prediction.log"))
        #expect(predictions.compactMap { $0["request_id"] as? String } == identifiers)
    }

    @Test func requestsWithoutAPlainIdentifierGetOne() async throws {
        let folder = try TemporaryFolder()
        let service = try await ExampleService(folder: folder.path)
        let health = try HTTPClient.get(service.port, "/health")
        #expect(health.status == 200)
        let spoilt = try service.predict("0.5, 1, -2, 3.25", identifier: #"x","level":"INFO"#)
        let missing = try HTTPClient.get(service.port, "/nowhere")
        #expect(missing.status == 404)
        #expect(try await service.terminate() == 0)

        let identifiers = [health, spoilt, missing].map { $0.headers["x-request-id"] ?? "" }
        #expect(Set(identifiers).count == 3)
        for identifier in identifiers {
            #expect(identifier.count == 32 && identifier.allSatisfy(\.isHexDigit), "\(identifier)")
        }
        let handled = ExampleService.entries(folder.path + "/logs/app.log")
            .filter { Self.message($0) == "request handled" }
        #expect(handled.map { $0["request_id"] as? String } == identifiers)
        #expect(handled.map { $0["status"] as? Int } == [200, 200, 404])
    }

    @Test(arguments: [("PORT", "many", "PORT is 'many'"), ("LOGGING_CONFIGURATION", "/nowhere.json", "/nowhere.json")])
    func badSettingsAreSaid(_ variable: String, _ value: String, _ part: String) async throws {
        let folder = try TemporaryFolder()
        let service = try ChildProcess(
            [ExampleService.path],
            folder: folder.path,
            name: "service",
            environment: [variable: value]
        )
        #expect(try await service.exitStatus() == 1)
        let output = try TextFile.read(service.outputPath)
        #expect(output.contains("the service cannot run") && output.contains(part), "\(output)")
    }
}
