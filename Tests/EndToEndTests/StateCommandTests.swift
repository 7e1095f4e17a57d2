// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// `sluice state …` on the state of an agent that has ended.
@Suite(.serialized) struct StateCommandTests {
    private func state(_ road: Road, _ arguments: String...) async throws -> Command.Result {
        try await Command.run([SluiceCommand.path, "state"] + arguments + ["--state", road.path("state")])
    }

    /// A road on which three lines have arrived.
    private func used() async throws -> Road {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("one\ntwo\nthree\n", road.path("app.log"))
        try await road.runOnce()
        return road
    }

    @Test func listAndShow() async throws {
        let road = try await used()
        let list = try await state(road, "list")
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.output.contains(road.path("app.log")) && list.output.contains("elasticsearch=14 loki=14"))
        #expect(!list.output.contains("\u{1b}"))
        let json = try await JSONSerialization.jsonObject(with: Data(try state(road, "list", "--json").output.utf8))
        let records = try #require(json as? [[String: Any]])
        #expect(records.count == 1)
        #expect(records.first?["path"] as? String == road.path("app.log"))
        let show = try await state(road, "show", "app.*")
        #expect(show.status == 0 && show.output.contains("output       loki: 14"), "\(show.output)")
        let none = try await state(road, "show", "/nothing")
        #expect(none.status == 64 && none.errors.contains("sluice state list"))
        #expect(try await state(road, "list", "--pipeline", "other").errors.contains("there are: test"))
    }

    @Test func whatIsForgottenComesAgainUnlessItIsImported() async throws {
        let road = try await used()
        let export = try await state(road, "export")
        #expect(export.status == 0 && export.output.split(separator: "\n").count == 1)
        try TextFile.write(export.output, road.path("state.ndjson"))

        // Nobody is there to ask.
        let unasked = try await state(road, "forget", "app.log")
        #expect(unasked.status == 64 && unasked.errors.contains("--yes"))
        #expect(unasked.output.contains("repeats up to 14 bytes"))
        #expect(try await state(road, "export").output == export.output)

        #expect(try await state(road, "forget", "app.log", "--yes").status == 0)
        #expect(try await state(road, "list").output.contains("knows no files"))
        #expect(try await state(road, "import", road.path("state.ndjson")).status == 0)
        #expect(try await state(road, "export").output == export.output)
        // Again, it is the same.
        #expect(try await state(road, "import", road.path("state.ndjson")).status == 0)
        #expect(try await state(road, "export").output == export.output)
        try TextFile.append("four\n", road.path("app.log"))
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        try await road.runOnce()
        #expect(server.received.count == 2)
        #expect(server.received.allSatisfy { $0.body.contains("four") && !$0.body.contains("three") })

        #expect(try await state(road, "forget", "app.log", "--yes").status == 0)
        try await road.runOnce()
        #expect(server.received.count == 4)
        #expect(server.received.suffix(2).allSatisfy { $0.body.contains("one") && $0.body.contains("four") })
    }

    @Test func aBadRecordChangesNothing() async throws {
        let road = try await used()
        let before = try await state(road, "export").output
        let record = before.replacingOccurrences(of: "\"generation\":\"", with: "\"generation\":\"x")
        try TextFile.write(record + "{\"pipeline\":\"test\"}\n", road.path("bad.ndjson"))
        let result = try await state(road, "import", road.path("bad.ndjson"))
        #expect(result.status == 74)
        #expect(result.errors.contains("bad.ndjson:2: ") && result.errors.contains("'generation'"), "\(result.errors)")
        #expect(try await state(road, "export").output == before)
        #expect(try await state(road, "import", road.path("nothing")).errors.contains("cannot be read"))
    }

    @Test func anOffsetIsALinesBeginning() async throws {
        let road = try await used()
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try road.pipeline(["app.log"], loki: server.port, elasticsearch: server.port)
        // Within "two": goes on with "three".
        let back = try await state(road, "set-offset", road.path("app.log"), "5", "--yes")
        #expect(back.status == 0, "\(back.errors)")
        #expect(back.output.contains("the next one begins at 8"), "\(back.output)")
        #expect(back.output.contains("from 14 back to 8, which repeats 6 bytes"))
        try await road.runOnce()
        #expect(server.received.count == 2)
        #expect(server.received.allSatisfy { $0.body.contains("three") && !$0.body.contains("two") })

        try TextFile.append("four\nfi", road.path("app.log"))
        let end = try await state(road, "set-offset", road.path("app.log"), "END", "--yes")
        #expect(end.status == 0 && end.output.contains("skips 5 bytes for good"), "\(end.output)\(end.errors)")
        try TextFile.append("ve\n", road.path("app.log"))
        try await road.runOnce()
        #expect(server.received.count == 4)
        #expect(server.received.suffix(2).allSatisfy { $0.body.contains("five") && !$0.body.contains("four") })
    }

    @Test func anOffsetThatIsNone() async throws {
        let road = try await used()
        let before = try await state(road, "export").output
        let far = try await state(road, "set-offset", road.path("app.log"), "15", "--yes")
        #expect(far.status == 74 && far.errors.contains("has 14 bytes"))
        #expect(try await state(road, "set-offset", road.path("app.log"), "many", "--yes").status == 64)
        try TextFile.write("other\n", road.path("other.log"))
        let unknown = try await state(road, "set-offset", road.path("other.log"), "0", "--yes")
        #expect(unknown.status == 64 && unknown.errors.contains("does not know"))
        #expect(try await state(road, "set-offset", road.path("nothing"), "0", "--yes").errors.contains("No such file"))
        #expect(try await state(road, "export").output == before)
    }

    @Test func anAgentThatRunsKeepsItsState() async throws {
        let road = try await used()
        let agent = try road.agent()
        try await Poll.until("it runs", tail: { agent.errors }) { agent.errors.contains("pipeline runs") }
        for arguments in [
            ["list"], ["export"], ["forget", "app.log", "--yes"], ["set-offset", road.path("app.log"), "0"],
        ] {
            let result = try await Command.run(
                [SluiceCommand.path, "state"] + arguments + ["--state", road.path("state")]
            )
            #expect(result.status == 74, "\(arguments)")
            #expect(result.errors.contains("belongs to an agent that is running: stop it first"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(try await state(road, "list").status == 0)
    }

    @Test(arguments: ["list", "export", "show x", "forget x"])
    func nothingIsThere(_ command: String) async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run(
            [SluiceCommand.path, "state"] + command.split(separator: " ").map(String.init) + ["--state", folder.path]
        )
        #expect(result.status == 74)
        #expect(result.errors.contains("there is no state in '\(folder.path)'"))
    }
}
