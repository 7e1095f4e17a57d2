// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// Events of several lines, while they are being written, while the agent is killed, and while files are rotated.
@Suite(.serialized) struct MultilineTests {
    private func options(_ timeout: String) -> String {
        "multiline: {pattern: '^ ', match: after, timeout: \(timeout)}"
    }

    private func expect(_ events: [String], at road: Road) throws {
        #expect(try road.lokiLines() == events)
        #expect(try road.elasticsearchMessages().sorted() == events.sorted())
    }

    @Test func aTimeoutEndsAnEvent() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("200ms"))
        try TextFile.write("a\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try TextFile.append(" c\n", road.path("app.log"))
        try await road.waitForEvents(2, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["a\n b", " c"], at: road)
    }

    /// fluent-bit #3926 and #11265: lines of an event were lost in a pause, or at the end.
    @Test(arguments: [SIGKILL, SIGTERM])
    func anOpenEventGoesOnAfterTheEndOfTheAgent(_ signal: Int32) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("1h"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        if signal == SIGKILL { agent.kill() } else { #expect(try await road.terminate(agent) == 0) }
        try expect(["x"], at: road)
        try TextFile.append(" c\nd\n", road.path("app.log"))
        try await road.runOnce()
        try expect(["x", "a\n b\n c", "d"], at: road)
    }

    private struct Sent: Hashable {
        var id: String
        var document: String
    }

    private func sent(_ requests: [ScriptedServer.Request]) -> [Sent] {
        requests.filter { $0.path.contains("_bulk") }.flatMap { request in
            let lines = request.body.split(separator: "\n").map(String.init)
            return stride(from: 0, to: lines.count - 1, by: 2).map { place in
                let action =
                    try? JSONSerialization.jsonObject(with: Data(lines[place].utf8)) as? [String: [String: Any]]
                return Sent(id: action?.values.first?["_id"] as? String ?? "", document: lines[place + 1])
            }
        }
    }

    /// What a timeout cut short has been sent, and nobody knows whether it arrived: it comes again as it was, though more
    /// lines of the event stand in the file by now.
    @Test func anEventThatATimeoutEndedIsTheSameAfterAKill() async throws {
        let road = try await Road()
        let isGood = Gate()
        let server = try ScriptedServer { _, request in
            isGood.isOpen ? .good : .status(503, "")
        }
        defer { server.stop() }
        try road.pipeline(["app.log"], input: options("100ms"), loki: server.port, elasticsearch: server.port)
        try TextFile.write("a\n b\n", road.path("app.log"))
        let agent = try road.agent()
        func has(_ kind: String) -> Bool { server.received.contains { $0.path.contains(kind) } }
        try await Poll.until("the event is sent to both", tail: { agent.errors }) { has("_bulk") && has("push") }
        agent.kill()
        let before = Set(sent(server.received))
        let pushed = server.received.filter { $0.path.contains("push") }.map(\.body)
        try #require(before.count == 1 && before.first?.document.contains(#"a\n b""#) == true)
        #expect(try StateFile(road).forced() == [0..<5])

        isGood.open()
        try TextFile.append(" c\nd\n", road.path("app.log"))
        try await road.runOnce()
        let after = sent(server.taken)
        #expect(before.isSubset(of: after), "\(before) \(after)")
        #expect(after.count == 3 && Set(after.map(\.id)).count == 3)
        #expect(after.filter { $0.document.contains(#" c""#) || $0.document.contains(#""d""#) }.count == 2)
        let entry = try #require(pushed.first?.firstMatch(of: /[0-9]{19}","a[^\]]*/)?.output)
        #expect(server.taken.contains { $0.body.contains(entry) }, "Loki gets the same nanosecond")
        #expect(try StateFile(road).forced().isEmpty)
    }

    @Test func aRotatedFilesLastEventEndsWhenItsSuccessorIsWritten() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("0s"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try TextFile.rename(road.path("app.log"), road.path("app.log.1"))
        // Whoever writes may not have noticed yet.
        try TextFile.append(" c\n", road.path("app.log.1"))
        try TextFile.write("d\n", road.path("app.log"))
        try await road.waitForEvents(2, agent)
        try TextFile.append("e\n", road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.elasticsearchMessages().sorted() == ["a\n b\n c", "d", "x"])
    }

    @Test func whatWasReadOfATruncatedFileIsNotLost() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("0s"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try TextFile.write("", road.path("app.log"))
        try await road.waitForEvents(2, agent)
        try TextFile.append("n\nm\n", road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.elasticsearchMessages().sorted() == ["a\n b", "n", "x"])
    }

    @Test func anEventGoesOnInTheCopyOfATruncatedFile() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: options("0s"))
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        // Written between the last look and the copying.
        try TextFile.write("x\na\n b\n c\nd\n", road.path("app.log.1"))
        try TextFile.write("", road.path("app.log"))
        try await road.waitForEvents(2, agent)
        try TextFile.append("n\nm\n", road.path("app.log"))
        try await road.waitForEvents(4, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.elasticsearchMessages().sorted() == ["a\n b\n c", "d", "n", "x"])
    }

    @Test func theLastEventOfADeletedFileArrives() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], input: options("0s") + "\n    close_inactive: 500ms\n    scan_frequency: 50ms")
        try TextFile.write("x\na\n b\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try FileManager.default.removeItem(atPath: road.path("app.log"))
        try await road.waitForEvents(2, agent)
        try await Poll.until("the file is let go", tail: { agent.errors }) {
            try !agent.openFiles().contains { $0.contains("app.log") }
        }
        #expect(try await road.terminate(agent) == 0)
        try expect(["x", "a\n b"], at: road)
    }

    @Test func moreFilesThanMayBeOpen() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"], input: options("0s") + "\n    harvester_limit: 1")
        var lines: [String] = []
        for file in 0..<3 {
            let own = (0..<20_000).map { ($0 % 3 == 0 ? "" : " ") + "line \($0) of file \(file) with some text" }
            lines += own
            try TextFile.write(own.joined(separator: "\n") + "\n", road.path("app-\(file).log"))
        }
        try await road.runOnce()
        let events = try road.lokiLines()
        #expect(events.count == 3 * 6667)
        #expect(Account(written: lines, arrived: events.flatMap { $0.split(separator: "\n").map(String.init) }).isEven)
        #expect(try road.receiver.elasticsearch.count("logs-test") == events.count)
    }

    // MARK: Again and again

    /// Lines are written a few at a time, with pauses longer than the timeout, and the agent is killed meanwhile. However
    /// they are put together, each line is in one event at each output.
    @Test(arguments: ["multiline", "containers"])
    func killedAgainAndAgainWhileTimeoutsEndEvents(_ kind: String) async throws {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed) (\(kind))")
        var random = SplitMix64(seed: seed)
        let road = try await Road()
        let isContainer = kind == "containers"
        let file = isContainer ? "0.log" : "app.log"
        try road.pipeline(
            [file],
            type: isContainer ? "container" : "file",
            input: options("30ms")
        )
        var written: [String] = []
        let lineCount = 600
        var agent = try road.agent()
        var kills = 0
        while written.count < lineCount {
            var text = ""
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let line = (Int.random(in: 0...2, using: &random) > 0 ? " " : "") + "line \(written.count)"
                written.append(line)
                guard isContainer else {
                    text += line + "\n"
                    continue
                }
                let stream = Bool.random(using: &random) ? "stdout" : "stderr"
                // A time of its own for each, so that Loki can tell what it has.
                func head(_ part: Int, _ tag: String) -> String {
                    let nanoseconds = String(100_000_000 + written.count * 10 + part)
                    return "\(Clock.utc()).\(nanoseconds)Z \(stream) \(tag) "
                }
                if Int.random(in: 0...3, using: &random) == 0 {
                    let half = line.count / 2
                    text += head(0, "P") + line.prefix(half) + "\n" + head(1, "F") + line.dropFirst(half) + "\n"
                } else {
                    text += head(0, "F") + line + "\n"
                }
            }
            // Sometimes not to a line's end.
            let cut = Int.random(in: 0...text.utf8.count, using: &random)
            let bytes = Array(text.utf8)
            try TextFile.append(Array(bytes[..<cut]), road.path(file))
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &random)))
            try TextFile.append(Array(bytes[cut...]), road.path(file))
            if Int.random(in: 0...3, using: &random) == 0 {
                agent.kill()
                kills += 1
                agent = try road.agent()
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &random)))
        }
        agent.kill()
        #expect(kills > 3)
        try await road.runOnce()
        let atLoki = try road.lokiLines()
        let atElasticsearch = try road.elasticsearchMessages()
        for (name, events) in [("Loki", atLoki), ("Elasticsearch", atElasticsearch)] {
            let lines = events.flatMap { $0.split(separator: "\n").map(String.init) }
            let account = Account(written: written, arrived: lines)
            #expect(account.isEven, "\(name): \(account), seed \(seed), \(kills) kills")
            #expect(events.contains { $0.contains("\n") }, "something was put together")
        }
        #expect(atLoki.sorted() == atElasticsearch.sorted(), "seed \(seed)")
        #expect(try StateFile(road).forced().isEmpty, "what everybody has is not kept")
    }
}
