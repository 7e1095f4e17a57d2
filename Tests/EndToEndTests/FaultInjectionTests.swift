// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// The agent, the receiver, or both are killed at twenty random instants while a service writes and rotates its file.
/// In the end each line is there once at each output. `TORTURE_SEED` repeats a run's choices.
@Suite(.serialized) struct FaultInjectionTests {
    enum Victims: Sendable {
        case agent, receiver, both
    }

    enum Ending: Sendable {
        /// `--once` delivers the rest.
        case once
        /// A running agent delivers it, and ends on SIGTERM.
        case running
    }

    @Test func timesInTheLines() async throws {
        try await torture(.json, pattern: "app.log*", victims: .agent, ending: .once)
    }

    @Test func noTimesInTheLines() async throws {
        try await torture(.plain, pattern: "app.log*", victims: .agent, ending: .running)
    }

    @Test func timesInTheLinesAndRotationOutOfThePattern() async throws {
        try await torture(.json, pattern: "app.log", victims: .agent, ending: .running)
    }

    @Test func noTimesInTheLinesAndRotationOutOfThePattern() async throws {
        try await torture(.plain, pattern: "app.log", victims: .agent, ending: .once)
    }

    @Test(arguments: [RotatingWriter.Style.json, .plain])
    func killsOfTheReceiver(_ style: RotatingWriter.Style) async throws {
        try await torture(style, pattern: "app.log*", victims: .receiver, ending: .running)
    }

    @Test(arguments: [RotatingWriter.Style.json, .plain])
    func killsOfBoth(_ style: RotatingWriter.Style) async throws {
        try await torture(style, pattern: "app.log*", victims: .both, ending: .once)
    }

    private func torture(
        _ style: RotatingWriter.Style,
        pattern: String,
        victims: Victims,
        ending: Ending
    ) async throws {
        let seed = SeededGenerator.chosenSeed()
        print("TORTURE_SEED=\(seed) (\(style), \(pattern), kills of \(victims))")
        var random = SeededGenerator(seed: seed)

        let road = try await Road()
        try road.pipeline(
            [pattern],
            parse: style == .json ? "json" : "none",
            processors: style == .json ? ["timestamp: {field: timestamp, layouts: [ISO8601]}"] : []
        )
        // A file that leaves the pattern before the agent has ever seen it is none of its business.
        let leavesThePattern = !pattern.hasSuffix("*")
        let writer = RotatingWriter(path: road.path("app.log"), style: style, waits: leavesThePattern)
        writer.start(seed: seed)

        var agent = try road.agent()
        for number in 0..<20 {
            try await pause(Int.random(in: 20...300, using: &random)) {
                if leavesThePattern { Self.permitRotation(of: writer, road) }
            }
            let takesAgent = victims == .agent || victims == .both && number % 2 == 0
            #expect(agent.isRunning, "the agent ended by itself: \(agent.errors.suffix(500)), seed \(seed)")
            let rest = Bool.random(using: &random) ? Int.random(in: 1...200, using: &random) : 0
            if takesAgent { agent.kill() } else { road.receiver.kill() }
            try await pause(rest) {}
            if takesAgent { agent = try road.agent() } else { try await road.receiver.start() }
        }
        try await writer.stop()

        let written = writer.written
        let total = written.values.reduce(0, +)
        switch ending {
        case .once:
            agent.kill()
            try await road.runOnce()
        case .running:
            try await Poll.until("\(total) lines arrive, seed \(seed)", tail: { agent.errors }) {
                try road.receiver.elasticsearch.count("logs-test") >= total
                    && lokiMessages(road, style).count >= total
            }
            let status = try await road.terminate(agent)
            #expect(status == 0)
        }

        print("TORTURE_SEED=\(seed): \(total) lines in \(writer.newestFile + 1) files")
        let atLoki = Account(written: written, arrived: try lokiMessages(road, style))
        #expect(atLoki.isEven, "Loki, of \(total): \(atLoki), seed \(seed)")
        let atElasticsearch = Account(written: written, arrived: try elasticsearchMessages(road, writer.buckets))
        #expect(atElasticsearch.isEven, "Elasticsearch, of \(total): \(atElasticsearch), seed \(seed)")
        #expect(try road.receiver.elasticsearch.count("logs-test") == total)
        #expect(writer.newestFile > 2)
    }

    private func pause(_ milliseconds: Int, _ meanwhile: () -> Void) async throws {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end {
            meanwhile()
            try await Task.sleep(for: min(.milliseconds(20), end - .now))
        }
    }

    /// The newest file may go once a line of it has arrived.
    private static func permitRotation(of writer: RotatingWriter, _ road: Road) {
        let file = writer.newestFile
        let query = #"{job="test"} |= "\#(RotatingWriter.word(ofFile: file))""#
        let now = Int64(Date().timeIntervalSince1970 * 1e9)
        let hour: Int64 = 3_600_000_000_000
        if let page = try? road.receiver.loki.page(query, start: now - hour, end: now + hour, limit: 1), !page.isEmpty {
            writer.permitRotation(of: file)
        }
    }

    private func lokiMessages(_ road: Road, _ style: RotatingWriter.Style) throws -> [String] {
        try road.lokiLines().map { line in
            guard style == .json else { return line }
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["message"] as? String ?? line
        }
    }

    private func elasticsearchMessages(_ road: Road, _ buckets: Int) throws -> [String] {
        try (0..<buckets).flatMap { bucket in
            let query = #"{"match":{"message":"\#(RotatingWriter.word(ofBucket: bucket))"}}"#
            return try road.receiver.elasticsearch.documents("logs-test", query: query)
                .map { $0["message"] as? String ?? "" }
        }
    }
}
