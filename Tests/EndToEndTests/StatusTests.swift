// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// `sluice status`, of agents that run and of those that do not.
@Suite(.serialized) struct StatusTests {
    private func text(_ road: Road, _ options: [String] = []) async throws -> Command.Result {
        try await Command.run([SluiceCommand.path, "status", "--state", road.path("state")] + options)
    }

    @Test func aLaggingFileAndADeadDestination() async throws {
        let road = try await Road()
        let dead = try Socket.bound()
        defer { dead.close() }
        // More than may be under way: reading stands still.
        let line = String(repeating: "x", count: 999) + "\n"
        try TextFile.write(String(repeating: line, count: 30_000), road.path("app.log"))
        try TextFile.write("a beginning without its en", road.path("quiet.log"))
        try road.pipeline(["*.log"], elasticsearch: dead.port)
        let agent = try road.agent()
        var answer = try? await StatusAnswer(road)
        try await Poll.until("the agent says what it waits for", tail: { agent.errors }) {
            let now = try await StatusAnswer(road)
            answer = now
            let loki = (now.file(road.path("app.log"))["acknowledged"] as? [String: Int])?["loki"] ?? 0
            return now.output("elasticsearch")["failing_since"] != nil && loki > 0
                && now.file(road.path("quiet.log"))["state"] as? String == "waiting_for_line_end"
        }
        let now = try #require(answer)
        #expect(now.status == 75, "something fails")
        #expect(now.isRunning)
        #expect(now.pipeline["process"] as? Int == Int(agent.identifier))
        let file = now.file(road.path("app.log"))
        #expect(now.files.first?["path"] as? String == road.path("app.log"), "the most lagging first")
        #expect(file["size"] as? Int == 30_000_000)
        #expect(file["lag_bytes"] as? Int == 30_000_000, "\(file)")
        #expect((file["acknowledged"] as? [String: Int])?["elasticsearch"] == 0)
        #expect((file["read"] as? Int ?? 0) < 30_000_000, "it is held back")
        #expect((file["generation"] as? String)?.count == 16)
        #expect(file["unread_since"] is Int && file["last_read"] is Int && file["modified"] is Int)
        var status = stat()
        try #require(unsafe stat(road.path("app.log"), &status) == 0)
        #expect(file["inode"] as? UInt64 == UInt64(status.st_ino) && file["device"] as? UInt64 == UInt64(status.st_dev))
        let output = now.output("elasticsearch")
        #expect((output["failure"] as? String)?.contains("refused") == true, "\(output)")
        #expect((output["batches_queued"] as? Int ?? 0) + (output["batches_in_flight"] as? Int ?? 0) > 0, "\(output)")
        #expect((output["retries"] as? Int ?? 0) > 0)
        #expect(now.output("loki")["failing_since"] == nil)
        #expect((now.output("loki")["delivered"] as? Int ?? 0) > 0)
        #expect(now.input["files_open"] as? Int == 2)

        let table = try await text(road)
        #expect(table.status == 75)
        #expect(!table.output.contains("\u{1b}"), "no colours in a pipe")
        #expect(table.output.contains("output elasticsearch has failed for"))
        let lines = table.output.split(separator: "\n")
        let app = lines.firstIndex { $0.contains(road.path("app.log")) }
        let quiet = lines.firstIndex { $0.contains(road.path("quiet.log")) }
        #expect(try #require(app) < #require(quiet))
        #expect(lines.contains { $0.contains("quiet.log") && $0.contains("waiting for line end") })

        var socket = stat()
        let path = road.path("state") + "/test/status.sock"
        try #require(unsafe stat(path, &socket) == 0)
        #expect(socket.st_mode & 0o777 == 0o600, "for its owner alone")
        #expect(try await road.terminate(agent) == 69, "what was read has not been delivered")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aStoppedAgent() async throws {
        let road = try await Road()
        let dead = try Socket.bound()
        defer { dead.close() }
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try road.pipeline(["app.log"], elasticsearch: dead.port)
        try await road.runOnce(["--timeout", "1"], expecting: 69)
        try TextFile.append("three\n", road.path("app.log"))
        let answer = try await StatusAnswer(road)
        #expect(answer.status == 69)
        #expect(answer.errors.contains("no agent runs pipeline 'test'"), "\(answer.errors)")
        #expect(!answer.isRunning)
        let file = answer.file(road.path("app.log"))
        #expect(file["acknowledged"] as? [String: Int] == ["loki": 8, "elasticsearch": 0], "\(file)")
        #expect(file["size"] as? Int == 14)
        #expect(file["read"] as? Int == 8)
        #expect(file["lag_bytes"] as? Int == 14)
        #expect(file["state"] as? String == "waiting_for_agent")
        #expect((file["doubt"] as? String)?.contains("sent again") == true, "\(file)")
        #expect(answer.output("elasticsearch")["unacknowledged_bytes"] as? Int == 8)
        #expect(answer.output("loki")["unacknowledged_bytes"] as? Int == 0)
        #expect(try await text(road).output.contains("no agent answers"))

        // What is gone unfinished is not forgotten.
        try FileManager.default.removeItem(atPath: road.path("app.log"))
        let gone = try await StatusAnswer(road).file(road.path("app.log"))
        #expect(gone["state"] as? String == "gone", "\(gone)")
        #expect(gone["lag_bytes"] as? Int == 8)
    }

    @Test func allIsWell() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"])
        for file in 0..<25 { try TextFile.write("one\ntwo\n", road.path("\(file).log")) }
        let agent = try road.agent()
        try await road.waitForEvents(50, agent)
        var answer = try? await StatusAnswer(road)
        try await Poll.until("all is settled", tail: { agent.errors }) {
            answer = try await StatusAnswer(road)
            return answer?.input["lag_bytes"] as? Int == 0 && answer?.input["files_open"] as? Int == 25
        }
        #expect(answer?.status == 0)
        #expect(answer?.files.count == 20, "the worst by default")
        #expect(answer?.pipeline["file_count"] as? Int == 25)
        #expect(try await StatusAnswer(road, ["--all"]).files.count == 25)
        let table = try await text(road)
        #expect(table.status == 0)
        #expect(table.output.contains("20 of 25 files") && table.output.contains("healthy"))
        #expect(try await text(road, ["--all"]).output.contains("of 25 files") == false)
        #expect(try await text(road, ["--pipeline", "other"]).status != 0)

        // A kill leaves the socket behind: the next agent takes its place, and until then nobody answers.
        agent.kill()
        #expect(try await text(road).status == 69)
        let next = try road.agent()
        try await Poll.until("the next one answers", tail: { next.errors }) { try await text(road).status == 0 }
        #expect(try await road.terminate(next) == 0)
    }

    @Test func whatIsReadInDoubtIsSaid() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        let head = (0..<200).map { "line \($0) of the beginning\n" }.joined()
        try TextFile.write(head + "an end\n", road.path("app.log"))
        try await road.runOnce()
        // The same beginning, and another end: whether it is the same file, nobody can know.
        try TextFile.write(head + "another end, which is longer\n", road.path("app.log"))
        let agent = try road.agent()
        var file: [String: Any] = [:]
        try await Poll.until("it is read", tail: { agent.errors }) {
            file = try await StatusAnswer(road).file(road.path("app.log"))
            return file["lag_bytes"] as? Int == 0 && file["state"] as? String == "at_end"
        }
        #expect((file["doubt"] as? String)?.contains("read from its beginning") == true, "\(file)")
        let table = try await text(road)
        #expect(table.output.contains("may be repeated: it begins as before"), "\(table.output)")
        #expect(try await road.terminate(agent) == 0)
    }

    @Test(arguments: [60, 100])
    func aTerminalGetsWhatFits(_ width: Int) async throws {
        let road = try await Road()
        let name = String(repeating: "long-name-", count: 15) + ".log"
        try TextFile.write("one\n", road.path(name))
        try road.pipeline(["*.log"])
        try await road.runOnce()
        let output = try await TerminalCommand.run(
            [SluiceCommand.path, "status", "--state", road.path("state")],
            width: width
        )
        let escapes = /\u{1b}\[[0-9]*m/
        let lines = output.replacing(escapes, with: "").split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        #expect(lines.allSatisfy { $0.count < width }, "\(output)")
        #expect(lines.contains { $0.contains("…") && $0.contains("long-name-.log") }, "\(output)")
        #expect(lines.contains { $0.contains("FILE") })
    }

    @Test func byTheAddressOfItsTelemetry() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        let (agent, port) = try await road.agentWithMetrics()
        let result = try await SluiceCommand.run("status", "--listen", "127.0.0.1:\(port)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("pipeline test: runs") && result.output.contains("no files"))
        #expect(try await road.terminate(agent) == 0)
        let after = try await SluiceCommand.run("status", "--listen", "127.0.0.1:\(port)")
        #expect(after.status == 69)
        #expect(after.errors.contains("no agent answers at 127.0.0.1:\(port)"))
    }

    @Test func nothingHasRunThere() async throws {
        let folder = try TemporaryFolder()
        let result = try await SluiceCommand.run("status", "--state", folder.path + "/nothing")
        #expect(result.status == 69)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("--state"))
        withExtendedLifetime(folder) {}
    }

    @Test func metricsCountWhatHappensToFiles() async throws {
        let road = try await Road()
        try road.pipeline(["app.log", "other.log"])
        try TextFile.write("one\n", road.path("app.log"))
        try TextFile.write("other one\nother two\n", road.path("other.log"))
        let (agent, port) = try await road.agentWithMetrics()
        try await road.waitForEvents(3, agent)
        try TextFile.rename(road.path("app.log"), road.path("app.log.1"))
        try TextFile.write("two\n", road.path("app.log"))
        try await road.waitForEvents(4, agent)
        try TextFile.write("short\n", road.path("other.log"))
        try await road.waitForEvents(5, agent)
        try TextFile.append("unfinished", road.path("app.log"))
        var metrics = try PrometheusText("")
        try await Poll.until("all is counted", tail: { agent.errors + "\n\(metrics.values)" }) {
            metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            return metrics.sum("sluice_input_rotations_total") == 1
                && metrics.sum("sluice_input_truncations_total") == 1
                && metrics.sum("sluice_input_lag_bytes") == 10
        }
        #expect(metrics.sum("sluice_input_waiting_files") == 0)
        #expect(metrics.values.keys.contains { $0.hasPrefix("sluice_input_oldest_unread_seconds{") })
        let status = try HTTPClient.object(HTTPClient.get(port, "/status"), "status")
        #expect((status["pipelines"] as? [[String: Any]])?.count == 1)
        #expect(try await road.terminate(agent) == 0)
    }
}
