// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing

/// Events of several lines that go on in the next file, because rotation came in the middle of them: they arrive as if it
/// had not happened.
@Suite(.serialized) struct MultilineRotationTests {
    private func options(_ timeout: String) -> String {
        "multiline: {pattern: '^ ', match: after, timeout: \(timeout)}"
    }

    private func expect(_ events: [String], at road: Road) throws {
        #expect(try road.elasticsearchMessages().sorted() == events.sorted())
        #expect(try road.lokiLines().sorted() == events.sorted())
    }

    private func rotate(_ road: Road, files: Int) throws {
        for number in (1..<max(files, 1)).reversed() {
            try TextFile.rename(road.path("app.log.\(number)"), road.path("app.log.\(number + 1)"))
        }
        try TextFile.rename(road.path("app.log"), road.path("app.log.1"))
    }

    @Test(arguments: ["app.log", "app.log*"])
    func anEventGoesOnInTheNextFile(_ pattern: String) async throws {
        let road = try await Road()
        try road.pipeline([pattern], input: options("1h"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try rotate(road, files: 1)
        // Whoever writes may not have noticed yet.
        try TextFile.append(" c\n", road.path("app.log.1"))
        try TextFile.write(" d\ny\n", road.path("app.log"))
        try await road.waitForEvents(2, agent)
        try TextFile.append("z\n", road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["x", "a\n b\n c\n d", "y"], at: road)
        // Nothing of what was read is read again.
        try await road.runOnce()
        try expect(["x", "a\n b\n c\n d", "y", "z"], at: road)
    }

    @Test func anEventGoesOnThroughSeveralFiles() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("1h"))
        try TextFile.write("x\na\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try rotate(road, files: 1)
        try TextFile.write(" b\n", road.path("app.log"))
        try await Poll.until("the second file is read", tail: { agent.errors }) {
            try agent.openFiles().contains { $0.hasSuffix("/app.log") }
        }
        try rotate(road, files: 2)
        try TextFile.write(" c\ny\nz\n", road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["x", "a\n b\n c", "y"], at: road)
    }

    /// The agent is away while the files are rotated, and does not find the first of them by its pattern.
    @Test(arguments: [SIGKILL, SIGTERM])
    func anEventGoesOnAfterARotationThatNobodySaw(_ signal: Int32) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("1h"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        if signal == SIGKILL { agent.kill() } else { #expect(try await road.terminate(agent) == 0) }
        try rotate(road, files: 1)
        try TextFile.write(" c\ny\n", road.path("app.log"))
        try await road.runOnce()
        try expect(["x", "a\n b\n c", "y"], at: road)
    }

    /// A kill comes when an event of two files has been sent, and nobody has said yes to it.
    @Test(arguments: ["1h", "100ms"])
    func anEventOfTwoFilesIsTheSameAfterAKill(_ timeout: String) async throws {
        let road = try await Road()
        let isGood = Gate()
        let server = try ScriptedServer { _, request in
            isGood.isOpen || request.body.contains("first") ? .good : .status(503, "")
        }
        defer { server.stop() }
        try road.pipeline(["app.log"], input: options("1h"), loki: server.port, elasticsearch: server.port)
        try TextFile.write("first\na\n b\n", road.path("app.log"))
        var agent = try road.agent()
        try await Poll.until("the first arrives", tail: { agent.errors }) {
            server.taken.contains { $0.path.contains("_bulk") } && server.taken.contains { $0.path.contains("push") }
        }
        // From here on a timeout may end the event.
        try road.pipeline(["app.log"], input: options(timeout), loki: server.port, elasticsearch: server.port)
        #expect(try await road.terminate(agent) == 0)
        try rotate(road, files: 1)
        try TextFile.write(timeout == "1h" ? " c\nd\n" : " c\n", road.path("app.log"))
        agent = try road.agent()
        func has(_ kind: String) -> Bool {
            server.received.contains { $0.path.contains(kind) && $0.body.contains(#" c"#) }
        }
        try await Poll.until("the event is sent to both", tail: { agent.errors }) { has("_bulk") && has("push") }
        agent.kill()
        let entry = try #require(
            server.received.first { $0.path.contains("push") && $0.body.contains(" c") }?.body
                .firstMatch(of: /[0-9]{19}","a[^\]]*/)?.output
        )
        let identifier = try #require(
            server.received.first { $0.path.contains("_bulk") && $0.body.contains(" c") }?.body
                .firstMatch(of: /"_id":"([^"]*)"/)?.output.1
        )
        #expect(try StateFile(road).forced().isEmpty == (timeout == "1h"))
        isGood.open()
        try TextFile.append(" late\ne\n", road.path("app.log"))
        try await road.runOnce()
        let bulk = server.taken.filter { $0.path.contains("_bulk") }.map(\.body).joined(separator: "\n")
        #expect(server.taken.contains { $0.body.contains(entry) }, "Loki gets the same entry: \(entry)")
        #expect(bulk.contains(#""_id":"\#(identifier)""#) && bulk.contains(#"a\n b\n c""#), "\(bulk)")
        #expect(bulk.firstRange(of: "late") != nil)
        #expect(try StateFile(road).forced().isEmpty)
    }

    @Test func anEventGoesOnAfterCopyingAndTruncating() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("1h"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        // Written between the last look and the copying.
        try TextFile.write("x\na\n b\n c\n", road.path("app.log.1"))
        try TextFile.write("", road.path("app.log"))
        try await Poll.until("the truncation is seen", tail: { agent.errors }) {
            agent.errors.contains("file was truncated or replaced")
        }
        try TextFile.append(" d\ny\nz\n", road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["x", "a\n b\n c\n d", "y"], at: road)
    }

    /// The kubelet renames a container's log in the middle of a line of one stream, and lets the other go on.
    @Test func theRestOfAContainersLineStandsInTheNextFile() async throws {
        let road = try await Road()
        try road.pipeline(["0.log"], type: "container")
        var number = 0
        func line(_ stream: String, _ tag: String, _ text: String) -> String {
            number += 1
            return "\(Clock.utc()).\(100_000_000 + number)Z \(stream) \(tag) \(text)\n"
        }
        try TextFile.write(
            line("stdout", "F", "one") + line("stderr", "P", "half of ") + line("stdout", "P", "two "),
            road.path("0.log")
        )
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try TextFile.rename(road.path("0.log"), road.path("0.log.20260102-030405"))
        try TextFile.write(
            line("stdout", "F", "lines") + line("stdout", "F", "three") + line("stderr", "F", "an error"),
            road.path("0.log")
        )
        try await road.waitForEvents(4, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["one", "two lines", "three", "half of an error"], at: road)
        try await road.runOnce()
        try expect(["one", "two lines", "three", "half of an error"], at: road)
    }

    /// Lines are written a few at a time into files that are rotated, and the agent is killed meanwhile. Each event arrives
    /// once at each output, and whole.
    @Test(arguments: ["app.log", "app.log*"])
    func killedAgainAndAgainWhileFilesAreRotated(_ pattern: String) async throws {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed)")
        var random = SplitMix64(seed: seed)
        let road = try await Road()
        try road.pipeline([pattern], input: options("1h"))
        try TextFile.write("first\nsecond\n", road.path("app.log"))
        var events = ["first", "second"]
        var agent = try road.agent()
        // What is rotated away before anybody looked is nobody's business.
        try await road.waitForEvents(1, agent)
        var kills = 0
        var files = 0
        var splits = 0
        for number in 0..<400 {
            let isNew = Int.random(in: 0...2, using: &random) == 0
            if isNew { events.append("event \(number)") } else { events[events.count - 1] += "\n line \(number)" }
            try TextFile.append((isNew ? "event" : " line") + " \(number)\n", road.path("app.log"))
            if Int.random(in: 0...3, using: &random) == 0 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &random)))
            }
            if Int.random(in: 0...9, using: &random) == 0 {
                files += 1
                if !isNew { splits += 1 }
                try rotate(road, files: files)
                try TextFile.write("", road.path("app.log"))
                // The file system's clock ticks: which file is older has to be seen by it.
                try await Task.sleep(for: .milliseconds(20))
            }
            if Int.random(in: 0...24, using: &random) == 0 {
                agent.kill()
                kills += 1
                agent = try road.agent()
            }
        }
        // The last event has to be seen to end.
        try TextFile.append("end\n", road.path("app.log"))
        try await road.waitForEvents(events.count, agent)
        agent.kill()
        #expect(kills > 3 && splits > 3)
        for (name, arrived) in [("Loki", try road.lokiLines()), ("Elasticsearch", try road.elasticsearchMessages())] {
            let account = Account(written: events, arrived: arrived)
            #expect(account.isEven, "\(name): \(account), seed \(seed), \(kills) kills, \(files) files")
        }
    }
}
