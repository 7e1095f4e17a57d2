// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// `sluice deadletters …`, beside an agent and without one.
@Suite(.serialized) struct DeadLetterCommandTests {
    /// The second of these has a member that Elasticsearch refuses.
    private static let refused = #"{"message":"two","_id":"mine"}"#
    private static let content = #"{"message":"one"}"# + "\n" + refused + "\n" + #"{"message":"three"}"# + "\n"

    private func letters(_ road: Road, _ arguments: String...) async throws -> Command.Result {
        try await letters(road, arguments)
    }

    private func letters(_ road: Road, _ arguments: [String]) async throws -> Command.Result {
        try await Command.run([SluiceCommand.path, "deadletters"] + arguments + ["--state", road.path("state")])
    }

    private func retry(_ road: Road, _ arguments: String...) async throws -> Command.Result {
        try await Command.run(
            [SluiceCommand.path, "deadletters", "retry"] + arguments
                + ["--state", road.path("state"), "--pipeline", road.path("pipeline.yml")]
        )
    }

    /// A road on which one event was refused.
    private func used() async throws -> Road {
        let road = try await Road()
        try road.pipeline(["app.log"], parse: "json")
        try TextFile.write(Self.content, road.path("app.log"))
        try await road.runOnce()
        return road
    }

    /// Says `status` to documents that have `word` in them, and yes to the others.
    private func picky(_ word: String, status: Int = 400) throws -> ScriptedServer {
        try ScriptedServer { _, request in
            guard request.path.contains("_bulk") else { return .good }
            return .status(200, ScriptedServer.bulkAnswer(request.documents.map { $0.contains(word) ? status : 201 }))
        }
    }

    @Test func listAndShow() async throws {
        let road = try await used()
        let agent = try road.agent()
        try await Poll.until("it runs", tail: { agent.errors }) { agent.errors.contains("pipeline runs") }
        let list = try await letters(road, "list")
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.output.contains("elasticsearch") && list.output.contains(road.path("app.log")), "\(list.output)")
        #expect(!list.output.contains(#""reason""#), "\(list.output)")
        #expect(list.output.contains("COUNT") && !list.output.contains("\u{1b}"), "\(list.output)")
        #expect(try await letters(road, "list", "--status", "413").output.contains("there are no dead letters"))
        #expect(try await letters(road, "list", "--output", "loki").output.contains("there are no dead letters"))

        let json = try await JSONSerialization.jsonObject(with: Data(try letters(road, "list", "--json").output.utf8))
        let record = try #require((json as? [[String: Any]])?.first)
        #expect(record["offset"] as? Int == 18 && record["status"] as? Int == 400, "\(record)")
        #expect(record["bytes"] as? Int == Self.refused.utf8.count && record["input"] as? String == "file-1")
        #expect(record["text"] == nil)
        let number = try #require(record["number"] as? Int)

        let show = try await letters(road, "show", "\(number)")
        #expect(show.status == 0 && show.output.hasSuffix("\n\n" + Self.refused + "\n"), "\(show.output)\(show.errors)")
        #expect(show.output.contains("_id") && show.output.contains("offset    18"), "\(show.output)")
        #expect(
            try await letters(road, "show", "\(number)", "--json").output.contains(#""text":"{\"message\":\"two\""#)
        )
        let none = try await letters(road, "show", "77")
        #expect(none.status == 64 && none.errors.contains("sluice deadletters list"))
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func aListEndsAfterTwenty() async throws {
        let road = try await Road()
        let server = try picky("bad")
        defer { server.stop() }
        try road.pipeline(["app.log"], elasticsearch: server.port)
        try TextFile.write((0..<33).map { "bad \($0)\n" }.joined(), road.path("app.log"))
        try await road.runOnce()
        let list = try await letters(road, "list").output
        #expect(list.contains("20 of 33 dead letters, the newest first; --all shows all"), "\(list)")
        #expect(list.split(separator: "\n").last?.hasPrefix("   33") == true, "\(list)")
        let all = try await letters(road, "list", "--all", "--json").output
        #expect((try JSONSerialization.jsonObject(with: Data(all.utf8)) as? [Any])?.count == 33)
    }

    @Test func whatIsDroppedIsAskedFor() async throws {
        let road = try await used()
        let unasked = try await letters(road, "drop", "1")
        #expect(unasked.status == 64 && unasked.errors.contains("--yes"), "\(unasked.errors)")
        #expect(try StateFile(road).deadLetters().count == 1)
        let missing = try await letters(road, "drop", "1", "2", "--yes")
        #expect(missing.status == 64 && missing.errors.contains("there is no dead letter 2"), "\(missing.errors)")
        for wrong in [["drop"], ["drop", "1", "--all"], ["drop", "--before", "soon"], ["retry", "--all"]] {
            let result = try await letters(road, wrong)
            #expect(result.status == 64, "\(wrong) \(result.errors)")
        }
        for other in [["--output", "loki"], ["--status", "413"], ["--before", "2020-01-01"]] {
            let result = try await letters(road, ["drop", "--yes"] + other)
            #expect(result.status == 0 && result.output.contains("no such dead letters"), "\(result.output)")
        }
        #expect(try StateFile(road).deadLetters().count == 1)
        let dropped = try await letters(road, "drop", "--output", "elasticsearch", "--status", "400", "--yes")
        #expect(dropped.status == 0 && dropped.output.contains("done: 1 dead"), "\(dropped.output)\(dropped.errors)")
        #expect(try StateFile(road).deadLetters().isEmpty)
        #expect(try await StatusAnswer(road).output("elasticsearch")["dead_letters"] as? Int == 0)
    }

    @Test func whatWasMendedArrives() async throws {
        let road = try await used()
        // Nothing has changed: it is refused again.
        let again = try await retry(road, "1")
        #expect(again.status == 69 && again.output.contains("1 were refused again"), "\(again.output)\(again.errors)")
        #expect(try StateFile(road).deadLetters().count == 1)

        try road.pipeline(["app.log"], parse: "json", processors: [#"drop_fields: {fields: ["_id"]}"#])
        let mended = try await retry(road, "1")
        #expect(mended.status == 0 && mended.output.contains("1 dead letters have arrived"), "\(mended.errors)")
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three", "two"])
        #expect(try StateFile(road).deadLetters().isEmpty)
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        let document = try #require(documents.first { $0["message"] as? String == "two" })
        let log = (document["log"] as? [String: Any])?["file"] as? [String: Any]
        #expect(log?["path"] as? String == road.path("app.log"))
        #expect(try await retry(road, "--all").output.contains("no such dead letters"))
    }

    /// Beside an agent, too.
    @Test func theIdAndTheTimeAreThoseOfTheFirstTime() async throws {
        let road = try await Road()
        let first = try ScriptedServer { _, request in
            guard request.body.contains("bad") else { return .good }
            guard request.path.contains("_bulk") else { return .status(400, "no") }
            return .status(200, ScriptedServer.bulkAnswer(request.documents.map { $0.contains("bad") ? 400 : 201 }))
        }
        defer { first.stop() }
        try road.pipeline(["app.log"], loki: first.port, elasticsearch: first.port)
        try TextFile.write("one\nbad\nthree\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try StateFile(road).deadLetters().map(\.output) == ["elasticsearch", "loki"])

        let second = try ScriptedServer { _, _ in .good }
        defer { second.stop() }
        try road.pipeline(["app.log"], loki: second.port, elasticsearch: second.port)
        let agent = try road.agent()
        try await Poll.until("it runs", tail: { agent.errors }) { agent.errors.contains("pipeline runs") }
        let result = try await retry(road, "--all")
        #expect(result.status == 0 && result.output.contains("2 dead letters have arrived"), "\(result.errors)")
        #expect(try await road.terminate(agent) == 0)
        #expect(try StateFile(road).deadLetters().isEmpty)
        #expect(second.received.count == 2)

        let bulk = try #require(first.received.first { $0.path.contains("_bulk") })
        let lines = bulk.body.split(separator: "\n")
        let place = try #require(lines.firstIndex { $0.contains("bad") })
        #expect(second.received.contains { $0.body == "\(lines[place - 1])\n\(lines[place])\n" }, "\(second.received)")
        // Halved down to the one that is refused.
        let push = try #require(first.received.last { $0.path.contains("push") && $0.body.contains("bad") })
        #expect(!push.body.contains("one"))
        #expect(second.received.contains { $0.body == push.body }, "\(push.body) \(second.received)")
    }

    @Test func whatDoesNotArriveStays() async throws {
        let road = try await used()
        let before = try StateFile(road).deadLetters()
        let down = try ScriptedServer { _, _ in .status(503, "later") }
        defer { down.stop() }
        try road.pipeline(["app.log"], parse: "json", elasticsearch: down.port)
        let unavailable = try await retry(road, "--all", "--timeout", "1")
        #expect(unavailable.status == 69 && unavailable.errors.contains("does not take them"), "\(unavailable.errors)")
        #expect(try StateFile(road).deadLetters() == before)

        let other = try picky("two", status: 413)
        defer { other.stop() }
        try road.pipeline(["app.log"], parse: "json", elasticsearch: other.port)
        #expect(try await retry(road, "1").status == 69)
        #expect(try StateFile(road).deadLetters().map(\.status) == [413])
        #expect(try StateFile(road).deadLetters().map(\.text) == before.map(\.text))

        try road.pipeline(["other.log"], parse: "json")
        let nobody = try await retry(road, "1")
        #expect(nobody.status == 69 && nobody.errors.contains("no input of the pipeline reads"), "\(nobody.errors)")
        try road.pipeline(["app.log"], parse: "json", elasticsearchOutput: "name: search")
        #expect(try await retry(road, "1").errors.contains("has no output 'elasticsearch'"))
        try road.pipeline(["app.log"], parse: "json", processors: ["drop_event: {when: {equals: {message: two}}}"])
        #expect(try await retry(road, "1").errors.contains("a processor drops them now"))
        #expect(try StateFile(road).deadLetters().count == 1)
    }

    /// What the answer says of each of several requests is noted, and the rest stays.
    @Test func manyAreSentInSeveralRequests() async throws {
        let road = try await Road()
        let server = try picky("line")
        defer { server.stop() }
        try road.pipeline(["app.log"], elasticsearch: server.port)
        try TextFile.write((0..<2500).map { "line \($0)\n" }.joined(), road.path("app.log"))
        try await road.runOnce()
        #expect(try StateFile(road).deadLetters().count == 2500)
        try road.pipeline(["app.log"], elasticsearchOutput: "bulk_max_size: 300")
        let result = try await retry(road, "--all")
        #expect(result.status == 0 && result.output.contains("2,500 dead letters have arrived"), "\(result.errors)")
        #expect(try Set(road.elasticsearchMessages()).count == 2500)
        #expect(try StateFile(road).deadLetters().isEmpty)
    }

    @Test func lettersOfAQueueKnowTheirSender() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: tcp, id: line, host: \"127.0.0.1:0\""])
        let server = try picky("bad")
        defer { server.stop() }
        let text = try TextFile.read(road.path("pipeline.yml"))
        let port = "\(road.receiver.elasticsearchPort)"
        try TextFile.write(text.replacingOccurrences(of: port, with: "\(server.port)"), road.path("pipeline.yml"))
        let agent = try road.agent()
        let sender = try MessageSender(.tcp(port: try await road.port(of: "line", agent)))
        try sender.send("good\nbad\n")
        try await Poll.until("it is refused", tail: { agent.errors }) { try StateFile(road).deadLetters().count == 1 }
        withExtendedLifetime(sender) {}
        #expect(try await road.terminate(agent) == 0)

        try TextFile.write(text, road.path("pipeline.yml"))
        let result = try await retry(road, "1")
        #expect(result.status == 0, "\(result.errors)")
        let document = try #require(try road.receiver.elasticsearch.documents("logs-test").first)
        let source = (document["log"] as? [String: Any])?["source"] as? [String: Any]
        #expect(document["message"] as? String == "bad" && source?["address"] != nil, "\(document)")
    }
}
