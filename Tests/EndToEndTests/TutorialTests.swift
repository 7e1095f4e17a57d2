// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The tutorial, followed step by step with what it shows.
@Suite(.serialized) struct TutorialTests {
    private let article: String

    init() throws { article = try Repository.read("Sources/SluiceLogging/Documentation.docc/Tutorial.md") }

    @Test func aServiceLogsChangesItsLevelsAndIsShipped() async throws {
        let road = try await Road()
        let configurations = Markdown.blocks("json", in: article)
        try #require(configurations.count == 2)
        try TextFile.write(configurations[0], road.path("logging.json"))
        // The snippet is the tutorial's main.swift, piece by piece, and reads logging.json where it is started.
        let service = try ChildProcess(
            ["/bin/sh", "-c", "cd '\(road.folder)' && exec '\(SluiceCommand.folder)/ShopService'"],
            folder: road.folder,
            name: "shop"
        )
        func entries(_ message: String) -> [[String: Any]] {
            ExampleService.entries(road.path("logs/shop.log")).filter { $0["message"] as? String == message }
        }
        try await Poll.until("an order is logged", tail: { service.errors }) { !entries("order taken").isEmpty }
        #expect(entries("stock read").isEmpty, "DEBUG is not logged yet")

        try TextFile.write(configurations[1], road.path("logging.json"))
        service.send(SIGHUP)
        try await Poll.until("DEBUG is logged", tail: { service.errors }) {
            let identifiers = Set(entries("order taken").compactMap { $0["request_id"] as? String })
            return entries("stock read").contains { identifiers.contains($0["request_id"] as? String ?? "") }
        }
        #expect(entries("the configuration was read again").count == 1)

        try TextFile.write("{", road.path("logging.json"))
        service.send(SIGHUP)
        try await Poll.until("the mistake is logged", tail: { service.errors }) {
            !entries("the configuration is wrong, and the old one stays in force").isEmpty
        }
        service.send(SIGTERM)
        #expect(try await service.exitStatus() == 0, "\(service.errors)")
        let written = ExampleService.entries(road.path("logs/shop.log"))
        #expect(entries("closed").count == 1)

        let pipeline = try #require(Markdown.blocks("yaml", in: article).first)
        for part in ["[logs/shop.log]", "127.0.0.1:3100", "127.0.0.1:9200"] { try #require(pipeline.contains(part)) }
        try TextFile.write(
            pipeline.replacing("[logs/shop.log]", with: "[\(road.path("logs/shop.log"))]")
                .replacing("127.0.0.1:3100", with: "127.0.0.1:\(road.receiver.lokiPort)")
                .replacing("127.0.0.1:9200", with: "127.0.0.1:\(road.receiver.elasticsearchPort)"),
            road.path("pipeline.yml")
        )
        try await road.runOnce()
        let documents = try road.receiver.elasticsearch.documents("logs-shop-*")
        #expect(documents.count == written.count)
        let identifier = try #require(entries("stock read").first?["request_id"] as? String)
        #expect(documents.contains { $0["request_id"] as? String == identifier && $0["service"] as? String == "shop" })
        #expect(try road.receiver.loki.entries(#"{service="shop"}"#).count == written.count)
    }
}
