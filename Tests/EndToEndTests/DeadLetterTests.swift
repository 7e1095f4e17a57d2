// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What an output refuses for good is kept in the state with everything that is known of it, in one transaction with
/// the progress past it, and holds nothing else up.
@Suite(.serialized) struct DeadLetterTests {
    /// The second of these has a member that Elasticsearch refuses, and is not written as Sluice would write it.
    private static let first = #"{"message":"one"}"# + "\n"
    private static let refused = #"{ "message" : "tw\u006f", "_id" : "mine" }"#
    private static let content = first + refused + "\n" + #"{"message":"three"}"# + "\n"
    private static let end = Int64(content.utf8.count)

    @Test func theLetterSaysWhatWasRefusedWhereAndWhy() async throws {
        let road = try await road()
        try await road.runOnce()
        try expectDelivered(road)
        try expectLetter(road)
        #expect(try StateFile(road).progress("elasticsearch") == Self.end)

        // A destination that has nothing yet shows that nothing is sent a second time.
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try road.pipeline(["app.log"], parse: "json", loki: server.port, elasticsearch: server.port)
        try await road.runOnce()
        #expect(server.received.isEmpty)
        try expectLetter(road)
    }

    @Test func noLetterNoProgress() async throws {
        let road = try await road()
        try road.pipeline(["nothing.log"], parse: "json")
        try await road.runOnce()

        // All else of the transaction could be written.
        let state = StateFile(road)
        try state.execute(
            """
            CREATE TRIGGER no_letters BEFORE INSERT ON dead_letters BEGIN SELECT RAISE(ABORT, 'not now'); END
            """
        )
        try road.pipeline(["app.log"], parse: "json")
        let agent = try road.agent()
        try await Poll.until("the letter cannot be written", tail: { agent.errors }) {
            agent.errors.contains("state cannot be written")
        }
        agent.kill()
        #expect(try state.deadLetters().isEmpty)
        #expect(try state.progress("elasticsearch") == 0)

        try state.execute("DROP TRIGGER no_letters")
        try await road.runOnce()
        try expectDelivered(road)
        try expectLetter(road)
        #expect(try state.progress("elasticsearch") == Self.end)
    }

    @Test func whatIsNoTextIsKeptAsItWasSent() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, request in
            guard request.path.contains("_bulk"), request.documents.count == 3 else { return .good }
            return .status(200, ScriptedServer.bulkAnswer([201, 400, 201]))
        }
        defer { server.stop() }
        let bytes: [UInt8] = Array("two ".utf8) + [0xFF, 0, 0xC3, 0x28]
        try TextFile.write("one\n", road.path("app.log"))
        try TextFile.append(bytes + Array("\nthree\n".utf8), road.path("app.log"))
        try road.pipeline(["app.log"], elasticsearch: server.port)
        try await road.runOnce()
        let letters = try StateFile(road).deadLetters()
        #expect(letters.map(\.text) == [Array("two \u{FFFD}\u{FFFD}(".utf8)])
        #expect(letters.map(\.offset) == [4])
        #expect(letters.map(\.reason).first?.contains("failed to parse field [x]") == true)
        try await road.runOnce()
        #expect(server.received.count == 1)
    }

    private func road() async throws -> Road {
        let road = try await Road()
        try TextFile.write(Self.content, road.path("app.log"))
        try road.pipeline(["app.log"], parse: "json")
        return road
    }

    private func expectDelivered(_ road: Road) throws {
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three"])
        #expect(try road.lokiLines().count == 3)
    }

    private func expectLetter(_ road: Road) throws {
        let letters = try StateFile(road).deadLetters()
        #expect(letters.count == 1)
        let letter = try #require(letters.first)
        #expect(letter.output == "elasticsearch")
        #expect(letter.path == road.path("app.log"))
        #expect(letter.offset == Int64(Self.first.utf8.count))
        #expect(letter.status == 400)
        #expect(letter.reason.contains("_id"), "\(letter.reason)")
        #expect(String(decoding: letter.text, as: UTF8.self) == Self.refused, "as it stands in the file")
    }
}
