// SPDX-License-Identifier: Apache-2.0

import Testing

/// A running agent on `app.log` or its family, and a count of lines.
final class Scene {
    let road: Road
    private(set) var written: [String] = []
    var agent: ChildProcess

    init(_ pattern: String, level: String = "info", input: String = "") async throws {
        road = try await Road()
        try road.pipeline([pattern], input: input)
        agent = try road.agent(["--log-level", level])
    }

    func lines(_ count: Int) -> String {
        // All of the same length.
        let lines = (0..<count).map { "line \(1_000_000 + written.count + $0) of the scene" }
        written += lines
        return lines.joined(separator: "\n") + "\n"
    }

    func arrival() async throws {
        try await road.waitForEvents(written.count, agent)
    }

    /// Ends the agent, and compares.
    func end(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await arrival()
        #expect(agent.isRunning, sourceLocation: sourceLocation)
        let status = try await road.terminate(agent)
        #expect(status == 0, sourceLocation: sourceLocation)
        try compare(sourceLocation)
    }

    /// What the agent said last: it tells why where lines are wrong.
    private var lastWords: String { agent.errors.split(separator: "\n").suffix(40).joined(separator: "\n") }

    func compare(_ sourceLocation: SourceLocation = #_sourceLocation) throws {
        let atLoki = Account(written: written, arrived: try road.lokiLines())
        #expect(atLoki.isEven, "Loki: \(atLoki)\n\(lastWords)", sourceLocation: sourceLocation)
        let atElasticsearch = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(
            atElasticsearch.isEven,
            "Elasticsearch: \(atElasticsearch)\n\(lastWords)",
            sourceLocation: sourceLocation
        )
    }
}
