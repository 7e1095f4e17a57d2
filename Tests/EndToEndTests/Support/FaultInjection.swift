// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A service writes and rotates its file while the agent, the receiver, or both are killed at random instants; then
/// what arrived is compared with what was written.
struct FaultInjection {
    enum Victims: Sendable {
        case agent, receiver, both
    }

    enum Ending: Sendable {
        /// `--once` delivers the rest.
        case once
        /// A running agent delivers it, and ends on SIGTERM.
        case running
    }

    struct Findings {
        let seed: UInt64
        let lines: Int
        let files: Int
        let atLoki: Account
        let atElasticsearch: Account
        /// Counted by Elasticsearch itself.
        let documents: Int
        /// The status that a running agent ended with, if it was the ending.
        let status: Int32?
        /// That an agent was gone before it was killed, and what it had said.
        let surprises: [String]
    }

    let style: RotatingWriter.Style
    let pattern: String
    let victims: Victims
    let ending: Ending
    var kills = 20
    /// What has to be true before a kill, beside the time that passes.
    var isReady: (Road) throws -> Bool = { _ in true }
    /// What is done while an agent is dead. Without it nothing may be missing or repeated in the end.
    var sabotage: (Road, RotatingWriter) async throws -> Void = { _, _ in }

    func run() async throws -> Findings {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed) (\(style), \(pattern), kills of \(victims))")
        var random = SplitMix64(seed: seed)

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

        var surprises: [String] = []
        var agent = try road.agent()
        for number in 0..<kills {
            try await pause(Int.random(in: 20...300, using: &random)) {
                if leavesThePattern { Self.permitRotation(of: writer, road) }
            }
            try await Poll.until("it is time for a kill", tail: { agent.errors }) { try isReady(road) }
            let takesAgent = victims == .agent || victims == .both && number % 2 == 0
            if !agent.isRunning { surprises.append("the agent ended by itself: \(agent.errors.suffix(500))") }
            let rest = Bool.random(using: &random) ? Int.random(in: 1...200, using: &random) : 0
            if takesAgent { agent.kill() } else { road.receiver.kill() }
            try await pause(rest) {}
            if takesAgent {
                try await sabotage(road, writer)
                agent = try road.agent()
            } else {
                try await road.receiver.start()
            }
        }
        try await writer.stop()

        let written = writer.written
        let total = written.values.reduce(0, +)
        var status: Int32?
        switch ending {
        case .once:
            agent.kill()
            try await road.runOnce()
        case .running:
            try await Poll.until("\(total) lines arrive, seed \(seed)", tail: { agent.errors }) {
                try road.receiver.elasticsearch.count("logs-test") >= total
                    && lokiMessages(road).count >= total
            }
            status = try await road.terminate(agent)
        }
        print("TORTURE_SEED=\(seed): \(total) lines in \(writer.newestFile + 1) files")
        return Findings(
            seed: seed,
            lines: total,
            files: writer.newestFile + 1,
            atLoki: Account(written: written, arrived: try lokiMessages(road)),
            atElasticsearch: Account(written: written, arrived: try elasticsearchMessages(road, writer.buckets)),
            documents: try road.receiver.elasticsearch.count("logs-test"),
            status: status,
            surprises: surprises
        )
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

    private func lokiMessages(_ road: Road) throws -> [String] {
        try road.lokiLines().map { line in
            guard style == .json else { return line }
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
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
