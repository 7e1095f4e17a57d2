// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceSQLite
import Testing

/// What cannot be read again is on the disk, and arrives once, whatever happens to the agent and its destinations.
@Suite(.serialized) struct DurableQueueTests {
    private func input(_ kind: String, _ road: Road) -> String {
        switch kind {
        case "http": "type: http, id: a, listen_port: 0"
        case "stream", "datagram":
            "type: unix, id: a, socket_type: \(kind), path: \"\(road.path("socket"))\", parse: json"
        default: "type: \(kind), id: a, host: \"127.0.0.1:0\", parse: json"
        }
    }

    private func send(_ messages: [String], _ kind: String, _ road: Road, _ agent: ChildProcess) async throws {
        let bodies = messages.map { #"{"message":"\#($0)"}"# + "\n" }
        let port = try await road.port(of: "a", agent)
        switch kind {
        case "http":
            for start in stride(from: 0, to: bodies.count, by: 20) {
                let answer = try HTTPClient.post(
                    port,
                    "/",
                    json: bodies[start..<min(start + 20, bodies.count)].joined()
                )
                #expect(answer.status == 200)
            }
        case "tcp", "stream":
            let sender = try MessageSender(kind == "tcp" ? .tcp(port: port) : .unixStream(path: road.path("socket")))
            try sender.send(bodies.joined())
        default:
            let sender = try MessageSender(kind == "udp" ? .udp(port: port) : .unixDatagram(path: road.path("socket")))
            for body in bodies { try sender.send(body) }
        }
    }

    @Test(arguments: ["http", "tcp", "udp", "stream", "datagram"])
    func aFullQueueSurvivesAKill(_ kind: String) async throws {
        let road = try await Road()
        try road.pipeline(inputs: [input(kind, road)])
        let before = (0..<5).map { "before \($0)" }
        let first = try road.agent()
        try await send(before, kind, road, first)
        try await road.waitForEvents(before.count, first)

        road.receiver.kill()
        let during = (0..<200).map { "during \($0)" }
        try await send(during, kind, road, first)
        // What was answered is on the disk already; of the rest, nobody has been told.
        if kind != "http" {
            let bytes = during.reduce(0) { $0 + $1.utf8.count + 19 }
            try await Poll.until("all is queued", tail: { first.errors }) { road.queuedBytes() >= Int64(bytes) }
        }
        first.kill()
        // Twice, with nothing to deliver to in between.
        let second = try road.agent()
        _ = try await road.address(of: "a", second)
        second.kill()

        try await road.receiver.start()
        let third = try road.agent()
        try await road.waitForEvents(before.count + during.count, third)
        let after = ["after"]
        try await send(after, kind, road, third)
        try await road.waitForEvents(before.count + during.count + 1, third)
        #expect(try await road.terminate(third) == 0, "\(third.errors)")
        let account = Account(written: before + during + after, arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
        #expect(try road.lokiLines().count == before.count + during.count + 1)
        #expect(road.queuedBytes() == 0, "what has arrived is deleted")
        // Nothing is sent again.
        try await road.runOnce()
        #expect(try road.receiver.elasticsearch.count("logs-test") == before.count + during.count + 1)
    }

    /// An event has the same id and time when it is sent again, even where the answer to its first sending was lost.
    @Test func idsAreTheSameAfterAKill() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [input("http", road)])
        let first = try road.agent()
        try await send(["one", "two"], "http", road, first)
        try await road.waitForEvents(2, first)
        first.kill()
        let documents = try road.receiver.elasticsearch.documents("logs-test").map { $0["@timestamp"] as? String }
        // As if the progress, and the deleting, had not been written.
        let database = try SQLiteDatabase(path: StateFile(road).path, access: .write)
        let parts = try #require(
            try database.query("SELECT count(*), (SELECT range_end FROM queues) FROM queued") {
                ($0.integer(at: 0), $0.integer(at: 1))
            }
        )
        #expect(parts.1 > 0)
        if parts.0 > 0 { try database.execute("UPDATE progress SET offset = 0") }
        try await road.runOnce()
        #expect(try road.receiver.elasticsearch.count("logs-test") == 2)
        #expect(try road.lokiLines().count == 2)
        let again = try road.receiver.elasticsearch.documents("logs-test").map { $0["@timestamp"] as? String }
        #expect(again == documents)
    }

    /// A run with an end delivers what is there, and takes nothing new.
    @Test func onceDeliversWhatIsQueued() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [input("http", road), "type: file, paths: [\"\(road.path("app.log"))\"]"])
        road.receiver.kill()
        let agent = try road.agent()
        try await send(["one", "two"], "http", road, agent)
        agent.kill()
        try TextFile.write("three\n", road.path("app.log"))
        try await road.receiver.start()
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three", "two"])
    }

    @Test func aQueueWithoutItsInputIsSaid() async throws {
        let road = try await Road()
        try road.pipeline(inputs: [input("http", road)])
        road.receiver.kill()
        let agent = try road.agent()
        try await send(["one"], "http", road, agent)
        agent.kill()
        try await road.receiver.start()
        try road.pipeline(inputs: ["type: file, paths: [\"\(road.path("app.log"))\"]"])
        let without = try await road.runOnce()
        #expect(without.errors.contains("the queue of an input that is not there any more holds events"))
        try road.pipeline(inputs: [input("http", road)])
        try await road.runOnce()
        #expect(try road.elasticsearchMessages() == ["one"])
    }
}
