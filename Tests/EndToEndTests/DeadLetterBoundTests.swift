// SPDX-License-Identifier: Apache-2.0

import Foundation
import SluiceSQLite
import Testing

/// How many dead letters are kept, what becomes of the others, and who learns of it.
@Suite(.serialized) struct DeadLetterBoundTests {
    private func road(_ options: String, _ server: ScriptedServer) async throws -> Road {
        let road = try await Road()
        try road.pipeline(["app.log"], elasticsearch: server.port)
        try TextFile.append("dead_letters: {\(options)}\n", road.path("pipeline.yml"))
        return road
    }

    private func refusing() throws -> ScriptedServer {
        try ScriptedServer { _, request in
            guard request.path.contains("_bulk") else { return .good }
            return .status(200, ScriptedServer.bulkAnswer(request.documents.map { $0.contains("bad") ? 400 : 201 }))
        }
    }

    private func line(_ number: Int) -> String { "bad \(number) " + String(repeating: "x", count: 1000) + "\n" }

    private func numbers(_ road: Road) throws -> [String] {
        try StateFile(road).deadLetters().map {
            String(decoding: $0.text, as: UTF8.self).split(separator: " ").prefix(2).joined(separator: " ")
        }
    }

    @Test func whatHasNoRoomWaitsForAPerson() async throws {
        let server = try refusing()
        defer { server.stop() }
        let road = try await road("max_bytes: 2KB", server)
        try TextFile.write(line(0), road.path("app.log"))
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("the first is kept", tail: { agent.errors }) { try numbers(road) == ["bad 0"] }
        try TextFile.append(line(1), road.path("app.log"))
        try await Poll.until("status says why nothing goes on", tail: { agent.errors }) {
            let failure = try await StatusAnswer(road).output("elasticsearch")["failure"] as? String ?? ""
            return failure.contains("no room for its dead letters") && failure.contains("sluice deadletters list")
        }
        #expect(try numbers(road) == ["bad 0"])
        #expect(try StateFile(road).progress("elasticsearch") == Int64(line(0).utf8.count), "no progress past it")
        let status = try await Command.run([SluiceCommand.path, "status", "--state", road.path("state")])
        #expect(status.status == 75 && status.output.contains("no room for its dead letters"), "\(status.output)")
        let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
        #expect(metrics.sum("sluice_dead_letters", ["output": "elasticsearch"]) == 1)
        #expect(metrics.sum("sluice_dead_letters", ["output": "loki"]) == 0)
        let bytes = metrics.sum("sluice_dead_letter_bytes", ["output": "elasticsearch"])
        #expect(bytes > 1000 && bytes < 2000, "\(bytes)")

        let drop = try await Command.run(
            [SluiceCommand.path, "deadletters", "drop", "1", "--yes", "--state", road.path("state")]
        )
        #expect(drop.status == 0, "\(drop.errors)")
        try await Poll.until("the agent goes on", tail: { agent.errors }) { try numbers(road) == ["bad 1"] }
        try TextFile.append("good\n", road.path("app.log"))
        let end = Int64(line(0).utf8.count + line(1).utf8.count + 5)
        try await Poll.until("all is settled", tail: { agent.errors }) {
            try StateFile(road).progress("elasticsearch") == end
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(try await StatusAnswer(road).output("elasticsearch")["dead_letters_dropped"] as? Int == 0)
    }

    @Test func whatWaitsIsRefusedAgainAfterAStop() async throws {
        let server = try refusing()
        defer { server.stop() }
        let road = try await road("max_bytes: 2KB", server)
        try TextFile.write(line(0), road.path("app.log"))
        try await road.runOnce()
        try TextFile.append(line(1), road.path("app.log"))
        let agent = try await road.runOnce(["--timeout", "2"], expecting: 69)
        #expect(agent.errors.contains("no room for its dead letters"), "\(agent.errors)")
        #expect(try numbers(road) == ["bad 0"])
        try road.pipeline(["app.log"], elasticsearch: server.port)
        try await road.runOnce()
        #expect(try numbers(road) == ["bad 0", "bad 1"])
    }

    @Test(arguments: [("drop_oldest", ["bad 4", "bad 5"]), ("drop_newest", ["bad 0", "bad 1"])])
    func whatIsDroppedIsCounted(_ whenFull: String, _ left: [String]) async throws {
        let server = try refusing()
        defer { server.stop() }
        let road = try await road("max_bytes: 3KB, when_full: \(whenFull)", server)
        try TextFile.write((0..<6).map(line).joined(), road.path("app.log"))
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("all is settled", tail: { agent.errors }) {
            try StateFile(road).progress("elasticsearch") == Int64(line(0).utf8.count * 6)
        }
        #expect(try numbers(road) == left)
        let metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
        #expect(metrics.sum("sluice_dropped_dead_letters_total", ["output": "elasticsearch"]) == 4)
        #expect(metrics.sum("sluice_dead_letters", ["output": "elasticsearch"]) == 2)
        try await Poll.until("the log says it", tail: { agent.errors }) {
            agent.errors.contains("dead letters are dropped for want of room")
        }
        #expect(try await road.terminate(agent) == 0)
        let status = try await Command.run([SluiceCommand.path, "status", "--state", road.path("state")])
        #expect(status.output.contains("4 dead letters were dropped for want of room"), "\(status.output)")
    }

    @Test func aBadOptionIsSaid() async throws {
        let server = try refusing()
        defer { server.stop() }
        let road = try await road("max_bytes: 10, when_full: drop_middle", server)
        let check = try await SluiceCommand.run("check", road.path("pipeline.yml"))
        #expect(check.status == 78)
        #expect(check.errors.contains("dead_letters.max_bytes"), "\(check.errors)")
        #expect(check.errors.contains("hold, drop_oldest, drop_newest"), "\(check.errors)")
    }

    /// The schema before this one, with a letter that was kept under it.
    @Test func aStateOfTheSchemaBeforeIsRead() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], parse: "json")
        try TextFile.write(#"{"message":"two","_id":"mine"}"# + "\n", road.path("app.log"))
        try await road.runOnce()
        let state = StateFile(road)
        let before = try state.deadLetters()
        try state.execute(
            """
            DROP TRIGGER dead_letter_kept; DROP TRIGGER dead_letter_changed; DROP TRIGGER dead_letter_gone;
            DROP TABLE dead_letter_totals;
            ALTER TABLE dead_letters DROP COLUMN input; ALTER TABLE dead_letters DROP COLUMN flags;
            ALTER TABLE dead_letters DROP COLUMN fields; ALTER TABLE dead_letters DROP COLUMN refused;
            ALTER TABLE dead_letters DROP COLUMN size; PRAGMA user_version = 4;
            """
        )
        let path = road.path("state")
        let list = try await Command.run([SluiceCommand.path, "deadletters", "list", "--state", path])
        #expect(list.status == 74 && list.errors.contains("older Sluice (schema 4)"), "\(list.errors)")

        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try road.pipeline(["app.log"], parse: "json", loki: server.port, elasticsearch: server.port)
        try await road.runOnce()
        #expect(server.received.isEmpty, "what was delivered is known")
        #expect(try state.deadLetters() == before)
        let answer = try await StatusAnswer(road).output("elasticsearch")
        #expect(answer["dead_letters"] as? Int == 1)
        #expect((answer["dead_letter_bytes"] as? Int ?? 0) > before.reduce(0) { $0 + $1.text.count })

        let retry = try await Command.run(
            [
                SluiceCommand.path, "deadletters", "retry", "--all", "--state", path, "--pipeline",
                road.path("pipeline.yml"),
            ]
        )
        #expect(retry.status == 0, "\(retry.errors)")
        #expect(server.received.count == 1 && server.received.first?.body.contains(road.path("app.log")) == true)
        #expect(try await StatusAnswer(road).output("elasticsearch")["dead_letter_bytes"] as? Int == 0)
    }
}
