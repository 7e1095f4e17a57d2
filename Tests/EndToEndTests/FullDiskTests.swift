// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Where the state's disk is full, nothing is sent that could not be remembered, a stop still ends, and what was left
/// goes out when there is room again.
@Suite(.serialized) struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.Kind.fileSystem.isPossible, "only root can mount a file system"))
    func aStopEndsOnAFullFileSystem() async throws {
        try await aStopEnds(.fileSystem)
    }

    @Test(.enabled(if: SmallDisk.Kind.fileSizeLimit.isPossible, "there is no prlimit"))
    func aStopEndsAtTheLimitOfAFilesSize() async throws {
        try await aStopEnds(.fileSizeLimit)
    }

    @Test(.enabled(if: SmallDisk.Kind.fileSystem.isPossible, "only root can mount a file system"))
    func theTimeoutEndsOnAFullFileSystem() async throws {
        try await theTimeoutEnds(.fileSystem)
    }

    @Test(.enabled(if: SmallDisk.Kind.fileSizeLimit.isPossible, "there is no prlimit"))
    func theTimeoutEndsAtTheLimitOfAFilesSize() async throws {
        try await theTimeoutEnds(.fileSizeLimit)
    }

    private func aStopEnds(_ kind: SmallDisk.Kind) async throws {
        let road = try await Road()
        let disk = try SmallDisk(kind, folder: road.path("state"))
        try road.pipeline(["app.log"])
        try TextFile.append("shutdown_timeout: 500ms\n", road.path("pipeline.yml"))
        let before = (0..<20).map { "line \($0) while there is room" }
        try TextFile.write(before.joined(separator: "\n") + "\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(before.count, agent)
        // What cannot be written is to be the lines that come next, not the progress of these.
        let state = StateFile(road)
        let end = Int64(before.joined(separator: "\n").utf8.count + 1)
        try await Poll.until("the progress is kept", tail: { agent.errors }) {
            try state.progress("loki") == end && state.progress("elasticsearch") == end
        }

        // The write-ahead log of a database that was just made is larger than that, and the agent's own log is not.
        try await disk.fill(log: 32 << 10, for: agent)
        let after = (0..<20).map { "line \($0) while there is none" }
        try TextFile.append(after.joined(separator: "\n") + "\n", road.path("app.log"))
        try await Poll.until("the log says it", tail: { agent.errors }) {
            agent.errors.contains("state cannot be written")
        }
        #expect(try await road.terminate(agent) == 69)
        expectSentence(agent)

        disk.free()
        try await road.runOnce()
        try compare(road, before + after)
    }

    private func theTimeoutEnds(_ kind: SmallDisk.Kind) async throws {
        let road = try await Road()
        let disk = try SmallDisk(kind, folder: road.path("state"))
        try road.pipeline(["*.log"])
        try await road.runOnce()
        // What is kept of that many files does not fit into the room that is left.
        let lines = (0..<300).map { "the line of file \($0)" }
        for (number, line) in lines.enumerated() { try TextFile.write(line + "\n", road.path("\(number).log")) }

        let arguments = try disk.cramp(room: SmallDisk.room)
        let agent = try road.agent(["--once", "--timeout", "2"], through: arguments)
        #expect(try await agent.exitStatus() == 69)
        #expect(agent.errors.contains("state cannot be written"), "\(agent.errors)")
        expectSentence(agent)

        disk.free()
        try await road.runOnce()
        try compare(road, lines)
    }

    /// What was delivered and could not be noted is no success: the same is sent again.
    @Test(.enabled(if: SmallDisk.Kind.fileSizeLimit.isPossible, "there is no prlimit"))
    func progressThatCannotBeWrittenIsSaid() async throws {
        let road = try await Road()
        let disk = try SmallDisk(.fileSizeLimit, folder: road.path("state"))
        let gate = Gate()
        let server = try ScriptedServer { _, _ in
            gate.wait()
            return .good
        }
        defer { server.stop() }
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        try TextFile.write("one\n", road.path("app.log"))
        let agent = try road.agent(["--once"])
        try await Poll.until("requests are under way", tail: { agent.errors }) { server.received.count == 2 }
        try await disk.fill(log: 32 << 10, for: agent)
        gate.open()
        #expect(try await agent.exitStatus() == 74)
        #expect(agent.errors.contains("state cannot be written"), "\(agent.errors)")
        expectSentence(agent)

        try await road.runOnce()
        #expect(server.received.count == 4)
    }

    private func expectSentence(_ agent: ChildProcess, sourceLocation: SourceLocation = #_sourceLocation) {
        let last = agent.errors.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("sluice: "), "\(agent.errors)", sourceLocation: sourceLocation)
        #expect(last.contains("at the next start"), "\(agent.errors)", sourceLocation: sourceLocation)
    }

    private func compare(_ road: Road, _ written: [String]) throws {
        let atLoki = Account(written: written, arrived: try road.lokiLines())
        #expect(atLoki.isEven, "Loki: \(atLoki)")
        let atElasticsearch = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(atElasticsearch.isEven, "Elasticsearch: \(atElasticsearch)")
    }
}
