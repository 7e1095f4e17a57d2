// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder with a receiver, a pipeline that leads to it, and agents that run it.
final class Road {
    let receiver: ReceiverProcess
    private let temporary: TemporaryFolder
    private var starts = 0

    init(receiverOptions: [String] = []) async throws {
        temporary = try TemporaryFolder()
        receiver = try await ReceiverProcess(folder: temporary.path, options: receiverOptions)
    }

    var folder: String { temporary.path }

    /// A path in the folder.
    func path(_ name: String) -> String { folder + "/" + name }

    /// Writes the pipeline: files of the folder that match `patterns`, to both outputs of the receiver.
    ///
    /// - Parameters:
    ///   - input: another option of the input, such as `start: end`.
    ///   - loki: the port of another Loki, and likewise of another Elasticsearch.
    ///   - output: another option of both outputs.
    func pipeline(
        _ patterns: [String],
        type: String = "file",
        parse: String = "none",
        input: String = "",
        processors: [String] = [],
        loki: Int? = nil,
        elasticsearch: Int? = nil,
        output: String = "",
        elasticsearchOutput: String = ""
    ) throws {
        let paths = patterns.map { "\"\(path($0))\"" }.joined(separator: ", ")
        var text = "name: test\ninputs:\n  - type: \(type)\n    paths: [\(paths)]\n    parse: \(parse)\n"
        if !input.isEmpty { text += "    \(input)\n" }
        if !processors.isEmpty { text += "processors:\n" + processors.map { "  - \($0)\n" }.joined() }
        let pace = "    flush: {timeout: 50ms}\n    backoff: {init: 20ms, max: 200ms}\n"
        text += "outputs:\n  - type: loki\n    url: http://127.0.0.1:\(loki ?? receiver.lokiPort)\n"
        text += "    labels: {job: test}\n" + pace
        if !output.isEmpty { text += "    \(output)\n" }
        text += "  - type: elasticsearch\n"
        text += "    hosts: [\"http://127.0.0.1:\(elasticsearch ?? receiver.elasticsearchPort)\"]\n"
        text += "    index: logs-test\n" + pace
        if !output.isEmpty { text += "    \(output)\n" }
        if !elasticsearchOutput.isEmpty { text += "    \(elasticsearchOutput)\n" }
        try TextFile.write(text, path("pipeline.yml"))
    }

    /// Starts an agent on the pipeline.
    ///
    /// - Parameter launcher: a command that runs another one, and its arguments.
    func agent(_ options: [String] = [], through launcher: [String] = []) throws -> ChildProcess {
        starts += 1
        return try ChildProcess(
            launcher + [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state")] + options,
            folder: folder,
            name: "agent-\(starts)"
        )
    }

    /// Starts an agent that serves its metrics, and says at which port.
    func agentWithMetrics() async throws -> (agent: ChildProcess, port: Int) {
        let agent = try agent(["--listen", "127.0.0.1:0"])
        return (agent, try await agent.metricsPort())
    }

    /// Runs an agent with `--once` to its end.
    @discardableResult
    func runOnce(_ options: [String] = [], expecting status: Int32 = 0) async throws -> ChildProcess {
        let agent = try agent(["--once"] + options)
        let found = try await agent.exitStatus()
        guard found == status else {
            throw Command.Failure(
                description: "--once ended with \(found), not \(status): \(agent.errors.suffix(2000))"
            )
        }
        return agent
    }

    /// Ends an agent as a service manager does, and waits for it.
    func terminate(_ agent: ChildProcess) async throws -> Int32 {
        agent.send(SIGTERM)
        return try await agent.exitStatus()
    }

    /// The lines at Loki, oldest first.
    func lokiLines() throws -> [String] {
        try receiver.loki.entries(#"{job="test"}"#).map(\.line)
    }

    /// The messages at Elasticsearch.
    func elasticsearchMessages() throws -> [String] {
        try receiver.elasticsearch.documents("logs-test").map { $0["message"] as? String ?? "" }
    }

    /// Waits until both have this many events. Whoever asks for equality afterwards finds out about too many.
    func waitForEvents(_ count: Int, _ agent: ChildProcess) async throws {
        try await Poll.until("\(count) events at both outputs", tail: { agent.errors }) {
            try receiver.elasticsearch.count("logs-test") >= count && lokiLines().count >= count
        }
    }
}
