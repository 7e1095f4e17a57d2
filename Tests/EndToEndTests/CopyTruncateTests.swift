// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What was written, copied and truncated away between two looks is read in the copy (beats #39731, #45300).
@Suite(.serialized) struct CopyTruncateTests {
    /// `app.log` becomes `app.log.1`, and what was there `app.log.2`.
    private static func copyAndTruncate(_ path: String) throws {
        if unsafe access(path + ".1", F_OK) == 0 { try TextFile.rename(path + ".1", path + ".2") }
        try TextFile.append(try TextFile.read(path), path + ".1")
        try TextFile.write("", path)
    }

    @Test(arguments: ["app.log", "app.log*"])
    func whatCameAndWentBetweenTwoLooks(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(20), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(40), path)
        // Another service's, whose name begins alike.
        if pattern == "app.log" { try TextFile.append("not mine\n", scene.road.path("app.logger.log")) }
        scene.agent.send(SIGCONT)
        try await scene.end()
    }

    @Test(arguments: ["app.log", "app.log*"], [false, true])
    func whatCameAndWentWhileNobodyWasThere(_ pattern: String, _ isCompressed: Bool) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        scene.agent.kill()
        try TextFile.append(scene.lines(20), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        if isCompressed { for number in 1...2 { try GzipFile.compress("\(path).\(number)") } }
        try TextFile.append(scene.lines(40), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    /// The truncation is seen, and what is written next goes before it is read for the first time.
    @Test(arguments: ["app.log", "app.log*"])
    func whatCameAndWentBeforeTheFirstLook(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        try Self.copyAndTruncate(path)
        try await Poll.until("the truncation is seen", tail: { scene.agent.errors }) {
            scene.agent.errors.contains("file was truncated or replaced")
        }
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(40), path)
        scene.agent.send(SIGCONT)
        try await scene.end()
    }

    /// Reading stands still while a file comes, is copied and truncated, and is copied again: the second copy is met first.
    @Test func aCopyThatIsMetBeforeTheTruncation() async throws {
        let road = try await Road()
        let gate = Gate()
        let loki = try ScriptedServer { _, _ in gate.isOpen ? .good : .status(503, "") }
        try road.pipeline(["*.log*"], loki: loki.port, elasticsearchOutput: "when: {contains: {message: scene}}")
        let filler = String(repeating: "x", count: 1000) + "\n"
        try TextFile.write(String(repeating: filler, count: 20_000), road.path("big.log"))
        let agent = try road.agent(["--log-level", "debug"])
        func says(_ text: String) async throws {
            try await Poll.until(text, tail: { agent.errors }) { agent.errors.contains(text) }
        }
        try await Poll.until("reading stands still", tail: { agent.errors }) {
            try await SluiceCommand.run("status", "--state", road.path("state")).output.contains("held back")
        }
        let path = road.path("app.log")
        let written = (0..<70).map { "line \(1_000_000 + $0) of the scene" }
        func lines(_ range: Range<Int>) -> String { written[range].map { $0 + "\n" }.joined() }
        try TextFile.append(lines(0..<40), path)
        try await Poll.until("it is met", tail: { agent.errors }) {
            AgentLog.entries(agent.errors).contains {
                $0["message"] as? String == "new file" && $0["path"] as? String == path
            }
        }
        try Self.copyAndTruncate(path)
        try TextFile.append(lines(40..<70), path)
        try TextFile.rename(path + ".1", path + ".2")
        try TextFile.append(try TextFile.read(path), path + ".1")
        // The agent looks at it now, or within the next moment; and it is not truncated before all is there.
        try await Task.sleep(for: .seconds(1))
        gate.open()
        try await Poll.until("all are there", tail: { agent.errors }) {
            try road.elasticsearchMessages().count >= written.count
        }
        try TextFile.write("", path)
        try await says("file was truncated or replaced")
        #expect(try await road.terminate(agent) == 0)
        let account = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
    }

    /// Lines that were written after copying, and read before the truncation, are not in the copy.
    @Test(arguments: ["app.log", "app.log*"])
    func aCopyThatIsShorterThanWhatWasReadBeforeARestart(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        let copy = try TextFile.read(path)
        try TextFile.append(scene.lines(3), path)
        try await scene.arrival()
        scene.agent.kill()
        try TextFile.append(copy, path + ".1")
        try TextFile.write(scene.lines(10), path)
        for _ in 0..<2 {
            scene.agent = try scene.road.agent()
            try TextFile.append(scene.lines(1), path)
            try await scene.arrival()
            #expect(try await scene.road.terminate(scene.agent) == 0)
        }
        try scene.compare()
    }

    /// The copy ends before the first line end that a turn ended with.
    @Test func aCopyThatIsShorterThanTheFirstTurn() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(8), path)
        let copy = try TextFile.read(path)
        try TextFile.append(scene.lines(8), path)
        scene.agent.send(SIGCONT)
        try await scene.arrival()
        scene.agent.send(SIGSTOP)
        try TextFile.append(copy, path + ".1")
        try TextFile.write(scene.lines(5), path)
        scene.agent.send(SIGCONT)
        try await scene.end()
    }
}
