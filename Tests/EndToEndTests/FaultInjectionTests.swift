// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The agent, the receiver, or both are killed at twenty random instants while a service writes and rotates its file.
/// In the end each line is there once at each output. `TORTURE_SEED` repeats a run's choices.
@Suite(.serialized) struct FaultInjectionTests {
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

    /// fluent-bit #2051: an offset that was kept before the delivery, so that a crash lost lines.
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
        victims: FaultInjection.Victims,
        ending: FaultInjection.Ending
    ) async throws {
        let found = try await FaultInjection(style: style, pattern: pattern, victims: victims, ending: ending).run()
        #expect(found.atLoki.isEven, "Loki, of \(found.lines): \(found.atLoki), seed \(found.seed)")
        #expect(
            found.atElasticsearch.isEven,
            "Elasticsearch, of \(found.lines): \(found.atElasticsearch), seed \(found.seed)"
        )
        #expect(found.documents == found.lines)
        // How many there are depends on how fast this machine is.
        #expect(found.files > 1)
        #expect(found.status ?? 0 == 0)
        #expect(found.surprises.isEmpty, "\(found.surprises), seed \(found.seed)")
    }

    // MARK: That this finds anything

    /// Where progress is thrown away while the agent is dead, what had arrived arrives again.
    @Test func repeatsAreFound() async throws {
        let found = try await FaultInjection(
            style: .plain,
            pattern: "app.log*",
            victims: .agent,
            ending: .once,
            kills: 3,
            isReady: { try $0.receiver.elasticsearch.count("logs-test") > 0 && !$0.lokiLines().isEmpty },
            sabotage: { road, _ in
                // Killed again before it has made one, an agent has none.
                if FileManager.default.fileExists(atPath: road.path("state")) {
                    try FileManager.default.removeItem(atPath: road.path("state"))
                }
            }
        ).run()
        for account in [found.atLoki, found.atElasticsearch] {
            #expect(!account.extra.isEmpty && account.missing.isEmpty, "\(account), seed \(found.seed)")
        }
        #expect(found.documents > found.lines)
    }

    /// Where progress is claimed that was not made, what was written meanwhile does not arrive.
    @Test(arguments: [RotatingWriter.Style.json, .plain])
    func lossIsFound(_ style: RotatingWriter.Style) async throws {
        var claimed: Int64 = 0
        let found = try await FaultInjection(
            style: style,
            pattern: "app.log*",
            victims: .agent,
            ending: .once,
            kills: 5,
            isReady: { try $0.receiver.elasticsearch.count("logs-test") > 0 },
            sabotage: { road, writer in
                let lines = writer.written.count
                try await Poll.until("lines are written meanwhile") { writer.written.count > lines + 100 }
                let rotated = (1...writer.newestFile + 1).map { road.path("app.log.\($0)") }
                claimed += try StateFile(road).claimAll(of: rotated + [road.path("app.log")])
            }
        ).run()
        #expect(claimed > 0)
        for account in [found.atLoki, found.atElasticsearch] {
            #expect(!account.missing.isEmpty, "\(account), seed \(found.seed)")
        }
    }
}
