// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// The output `logstash`, against a server that does all that servers do.
@Suite(.serialized) struct LogstashTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func pipeline(_ ports: [Int], _ options: String = "") throws {
        let hosts = ports.map { "\"127.0.0.1:\($0)\"" }.joined(separator: ", ")
        let rest = options.isEmpty ? "" : ", " + options
        try TextFile.write(
            """
            inputs: [{type: file, paths: ["\(path("app.log"))"]}]
            outputs:
              - {type: logstash, hosts: [\(hosts)], backoff: {init: 20ms, max: 100ms}\(rest)}
            """,
            path("pipeline.yml")
        )
    }

    private func agent(_ options: [String] = ["--once"]) throws -> ChildProcess {
        try ChildProcess(
            [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state")] + options,
            folder: folder.path,
            name: "agent"
        )
    }

    /// - Parameter width: bytes beside the few that say which line it is. Short ones are many in a batch, and wide ones
    ///   make many batches.
    private func write(_ count: Int, width: Int = 0) throws -> [String] {
        let filler = String(repeating: "x", count: width)
        let lines = (0..<count).map { "line \($0 + 100_000) for Logstash\(filler)" }
        try TextFile.write(lines.joined(separator: "\n") + "\n", path("app.log"))
        return lines
    }

    /// Ships lines once, and checks that each arrived once and in order.
    @discardableResult
    private func ship(
        _ count: Int,
        to server: LumberjackServer,
        _ options: String = "",
        width: Int = 0
    ) async throws -> ChildProcess {
        let lines = try write(count, width: width)
        try pipeline([server.port], options)
        let agent = try agent()
        try #require(await agent.exitStatus() == 0, "\(agent.errors)")
        let messages = server.messages
        let account = Account(written: lines, arrived: messages)
        #expect(account.isEven, "\(account)")
        #expect(messages == lines, "in their order")
        #expect(server.violations == [])
        return agent
    }

    @Test("Every line arrives once and in order, compressed, with Filebeat's metadata")
    func good() async throws {
        let server = try LumberjackServer()
        defer { server.stop() }
        let agent = try await ship(20_000, to: server, "index: shop")
        #expect(server.windows.allSatisfy { $0.isCompressed && $0.events.count <= 2048 })
        #expect(server.accepted == 1, "the connection is kept")
        #expect(agent.errors.contains("20000 delivered"))
        let event = try #require(server.taken.first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
        let metadata = try #require(object["@metadata"] as? [String: Any])
        #expect(metadata["beat"] as? String == "shop")
        #expect(metadata["type"] as? String == "_doc")
        #expect((metadata["version"] as? String)?.isEmpty == false)
        #expect((object["@timestamp"] as? String)?.hasSuffix("Z") == true)
        let ids = server.taken.compactMap { $0.split(separator: "\"_id\":\"").last }
        #expect(Set(ids).count == 20_000, "each event has an id of its own")
    }

    @Test("Without compression")
    func plain() async throws {
        let server = try LumberjackServer()
        defer { server.stop() }
        try await ship(5000, to: server, "compression_level: 0, bulk_max_size: 300")
        #expect(server.windows.allSatisfy { !$0.isCompressed && $0.events.count <= 300 })
    }

    @Test("Partial acknowledgements and keepalives are progress")
    func partial() async throws {
        let server = try LumberjackServer { window in
            let count = window.events.count
            return [.acknowledge(0), .acknowledge(1), .acknowledge(0), .acknowledge(count / 2), .acknowledge(count)]
        }
        defer { server.stop() }
        let agent = try await ship(5000, to: server, "bulk_max_size: 500")
        #expect(server.accepted == 1)
        #expect(!agent.errors.contains("output fails"))
    }

    @Test(
        "What was acknowledged before the connection ended is not sent again, the rest is, in its order",
        arguments: 0...3
    )
    func closedInMidWindow(pipelining: Int) async throws {
        let server = try LumberjackServer { window in
            let count = window.events.count
            // Every third is cut, at another place each time.
            guard window.number % 3 == 0, count > 1 else { return [.acknowledge(count)] }
            return [.acknowledge(window.number * 7 % count), .close]
        }
        defer { server.stop() }
        try await ship(4000, to: server, "bulk_max_size: 400, pipelining: \(pipelining)", width: 1000)
        #expect(server.accepted > 3)
    }

    @Test("Two windows are under way on one connection, and come again in order when it is lost")
    func pipelined() async throws {
        let server = try LumberjackServer { window in
            switch window.number {
            // Neither of the first two is acknowledged. After a failure one window asks alone.
            case 0: [.readAhead, .close]
            case 3: [.readAhead, .acknowledge(10), .close]
            case 6: [.readAhead, .acknowledge(window.events.count)]
            default: [.acknowledge(window.events.count)]
            }
        }
        defer { server.stop() }
        let agent = try await ship(6000, to: server, width: 1000)
        #expect(server.accepted == 3)
        #expect(agent.errors.contains("it closed the connection"))
        #expect(agent.errors.contains("output works again"))
    }

    @Test("A server that never acknowledges is left after the timeout")
    func silence() async throws {
        let server = try LumberjackServer { window in
            window.number == 0 ? [.hang] : [.acknowledge(window.events.count)]
        }
        defer { server.stop() }
        let agent = try await ship(100, to: server, "timeout: 500ms")
        #expect(agent.errors.contains("it took longer than the timeout"))
        #expect(server.accepted == 2)
    }

    @Test("Keepalives put the timeout off")
    func keepalives() async throws {
        let server = try LumberjackServer { window in
            (0..<10).flatMap { _ in [.pause(.milliseconds(400)), .acknowledge(0)] } + [
                .acknowledge(window.events.count)
            ]
        }
        defer { server.stop() }
        let agent = try await ship(10, to: server, "timeout: 3s")
        #expect(server.accepted == 1)
        #expect(!agent.errors.contains("output fails"))
    }

    @Test(
        "What is no answer is said, and the events are sent again",
        arguments: [
            (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "it sent a frame of version 'H'"),
            (Array("2W\0\0\0\u{1}".utf8), "it sent a frame of type 'W'"),
            (LumberjackServer.acknowledgement(51), "it acknowledged event 51 of a window of 50"),
            (LumberjackServer.acknowledgement(0xffff_ffff), "it acknowledged event 4294967295 of a window of 50"),
        ]
    )
    func rubbish(bytes: [UInt8], reason: String) async throws {
        let server = try LumberjackServer { window in
            window.number == 0 ? [.raw(bytes), .hang] : [.acknowledge(window.events.count)]
        }
        defer { server.stop() }
        let agent = try await ship(50, to: server)
        #expect(agent.errors.contains("127.0.0.1:\(server.port) gave no acknowledgement: \(reason)"), "\(agent.errors)")
        #expect(server.accepted == 2)
    }

    @Test("A server that is killed and comes back misses nothing, and a killed agent goes on")
    func kills() async throws {
        let first = try LumberjackServer { window in
            window.number < 3 ? [.acknowledge(window.events.count)] : [.acknowledge(7), .hang]
        }
        let lines = try write(8000, width: 1000)
        try pipeline([first.port], "bulk_max_size: 500, timeout: 60s")
        let agent = try agent([])
        try await Poll.until("a window hangs", tail: { agent.errors }) { first.windows.count == 4 }
        first.stop()
        try await Poll.until("it is tried again", tail: { agent.errors }) {
            agent.errors.contains("output fails")
        }
        let second = try LumberjackServer(port: first.port) { window in
            window.number < 3 ? [.acknowledge(window.events.count)] : [.acknowledge(9), .hang]
        }
        try await Poll.until("another window hangs", tail: { agent.errors }) { second.windows.count == 4 }
        #expect(first.messages + second.messages == Array(lines[..<(first.taken.count + second.taken.count)]))
        agent.kill()
        second.stop()
        let third = try LumberjackServer()
        defer { third.stop() }
        try pipeline([third.port])
        let successor = try self.agent()
        #expect(try await successor.exitStatus() == 0)
        // A crash repeats what was acknowledged and not yet in the state, and nothing else.
        let before = first.messages + second.messages
        let rest = third.messages
        #expect(rest == Array(lines.suffix(rest.count)))
        #expect(Set(before + rest) == Set(lines))
    }

    @Test("Connections that are refused are tried again, after a wait that grows")
    func refused() async throws {
        let reserved = try Socket.bound()
        let port = reserved.port
        let lines = try write(100)
        try pipeline([port])
        let agent = try agent()
        try await Poll.until("it is refused", tail: { agent.errors }) {
            agent.errors.contains("127.0.0.1:\(port) gave no acknowledgement: cannot connect (Connection refused)")
        }
        reserved.close()
        let server = try LumberjackServer(port: port)
        defer { server.stop() }
        #expect(try await agent.exitStatus() == 0)
        #expect(server.messages == lines)
    }

    @Test("The next host takes over where one fails")
    func nextHost() async throws {
        let reserved = try Socket.bound()
        let bad = try LumberjackServer { _ in [.acknowledge(5), .close] }
        let good = try LumberjackServer()
        defer {
            bad.stop()
            good.stop()
        }
        let lines = try write(3000)
        try pipeline([bad.port, reserved.port, good.port], "bulk_max_size: 200")
        let agent = try agent()
        #expect(try await agent.exitStatus() == 0)
        #expect(bad.messages + good.messages == lines)
        #expect(bad.accepted == 1, "it stays with the one that works")
    }

    @Test("Balanced hosts each get a share, and the living get that of the dead")
    func balanced() async throws {
        let gate = Gate()
        let servers = try (0..<2).map { number in
            try LumberjackServer { window in
                // One waits until the other has a window.
                if number == 1 { gate.open() } else { gate.wait() }
                return [.acknowledge(window.events.count)]
            }
        }
        defer { servers.forEach { $0.stop() } }
        let reserved = try Socket.bound()
        let lines = try write(10_000, width: 200)
        try pipeline(servers.map(\.port) + [reserved.port], "loadbalance: true, worker: 2, bulk_max_size: 200")
        let agent = try agent()
        #expect(try await agent.exitStatus() == 0, "\(agent.errors.suffix(2000))")
        let account = Account(written: lines, arrived: servers.flatMap(\.messages))
        #expect(account.isEven, "\(account)")
        #expect(servers.allSatisfy { !$0.taken.isEmpty && $0.violations == [] })
    }

    @Test("Slow start begins with ten events, and with half as many after a failure")
    func slowStart() async throws {
        let server = try LumberjackServer { window in
            window.number == 3 ? [.acknowledge(4), .close] : [.acknowledge(window.events.count)]
        }
        defer { server.stop() }
        try await ship(3000, to: server, "slow_start: true, bulk_max_size: 1000")
        #expect(server.windows.prefix(5).map(\.events.count) == [10, 15, 23, 35, 17])
        #expect(server.windows.allSatisfy { $0.isCompressed })
    }

    @Test("A connection is made anew after its time")
    func lifetime() async throws {
        let server = try LumberjackServer { window in
            [.pause(.milliseconds(5)), .acknowledge(window.events.count)]
        }
        defer { server.stop() }
        let agent = try await ship(3000, to: server, "ttl: 1ms, bulk_max_size: 300")
        #expect(server.accepted > 2)
        #expect(!agent.errors.contains("output fails"))
    }

    @Test("A server that hangs does not keep the agent from ending")
    func ending() async throws {
        let server = try LumberjackServer { _ in [.hang] }
        defer { server.stop() }
        _ = try write(10)
        try pipeline([server.port])
        try TextFile.append("\nshutdown_timeout: 300ms\n", path("pipeline.yml"))
        let agent = try agent([])
        try await Poll.until("a window hangs", tail: { agent.errors }) { server.windows.count == 1 }
        agent.send(SIGTERM)
        #expect(try await agent.exitStatus() == 69)
    }
}
