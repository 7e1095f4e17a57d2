// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

/// Configurations that the documentation shows are taken, and lines that it shows are what is written.
@Suite("Documented output")
struct DocumentedOutputTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    private static let catalog = root + "/Sources/SluiceLogging/Documentation.docc"
    private static let articles = TemporaryDirectory.names(in: catalog).filter { $0.hasSuffix(".md") }

    private let memory = MemoryDestination()

    /// The blocks of an article in a language.
    private func blocks(_ language: String, _ text: String) -> [String] {
        text.split(separator: "\n```").filter { $0.hasPrefix(language + "\n") }
            .map { String($0.dropFirst(language.utf8.count + 1)) }
    }

    @Test("Each configuration is taken, and opens its files")
    func configurations() throws {
        let paths = Self.articles.map { "\(Self.catalog)/\($0)" } + [Self.root + "/README.md"]
        var count = 0
        for path in paths {
            let text = try #require(TemporaryDirectory.read(path))
            for block in blocks("json", text) where block.contains("\"version\": 1") {
                let directory = try TemporaryDirectory()
                let json = block.replacing("/var/log/mlops/", with: "\(directory.path)/")
                    .replacing("\"logs/", with: "\"\(directory.path)/")
                let configuration = try LogConfiguration(json: json)
                #expect(!configuration.root.outputs.isEmpty, "\(path)")
                #expect(TemporaryDirectory.names(in: directory.path).contains { $0.hasSuffix(".log") }, "\(path)")
                for output in configuration.root.outputs where !(output.destination is ConsoleDestination) {
                    output.destination.close()
                }
                count += 1
            }
        }
        #expect(count >= 4)
    }

    private struct FileError: Error, CustomStringConvertible {
        let description = "no such file"
    }

    private struct ModelMissing: LoggableError, CustomStringConvertible {
        let description = "no model v2"
        let logMetadata: LogMetadata = ["version": "v2"]
        let underlyingError: (any Error)? = FileError()
    }

    /// Logs at the time that the documentation has, and returns the line.
    private func line(
        _ layout: some LogLayout,
        logger: String = "mlops.prediction",
        _ log: (ContextLogger) -> Void
    ) throws -> String {
        let configuration = LogConfiguration(outputs: [LogOutput(memory, layout: layout)])
        // 2026-11-22T03:32:00.123456Z
        let engine = LogEngine(configuration, clock: { 1_795_318_320_123_456_000 })
        log(ContextLogger(logger, engine: engine))
        return try #require(memory.lines.last)
    }

    private func served(_ layout: some LogLayout, user: Int? = nil) throws -> String {
        try line(layout) { log in
            log.info("prediction served", file: "Service/Model.swift", function: "predict()", line: 42) {
                $0["request_id"] = "9f0c"
                $0["user_id"] = user
            }
        }
    }

    @Test("Each line is one that is written")
    func lines() throws {
        let failed = try line(.json) { log in
            log.error(
                "prediction failed",
                error: ModelMissing(),
                file: "Service/Model.swift",
                function: "predict()",
                line: 42
            )
        }
        let signedIn = try line(.json, logger: "mlops.api") { log in
            log.info("signed in", file: "Service/Model.swift", function: "signIn()", line: 42) {
                $0["email"] = .sensitive("somebody@example.org")
            }
        }
        let written = try [
            served(.json), served(.json, user: 42), served(.ecs), served(.gcp), served(.text), signedIn,
            failed.replacing("SluiceLoggingTests.DocumentedOutputTests.", with: "Service."),
        ].map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
        var seen: Set<String> = []
        for article in Self.articles {
            let text = try #require(TemporaryDirectory.read("\(Self.catalog)/\(article)"))
            for block in blocks("json", text) where block.hasPrefix("{\"") {
                #expect(written.contains(block), "\(article) shows\n\(block)\nof\n\(written.joined(separator: "\n"))")
                seen.insert(block)
            }
            seen.formUnion(blocks("text", text))
        }
        for line in written { #expect(seen.contains(line), "no article shows \(line)") }
    }
}
