// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import SluiceReceiver
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// What stays, what goes, and what stands in the way.
struct StoreTests {
    private static let push = "/loki/api/v1/push"
    private static let second: Int64 = 1_000_000_000

    private static func receiver(_ directory: String, lokiPort: Int = 0) throws -> Receiver {
        var configuration = Receiver.Configuration(dataDirectory: directory)
        configuration.lokiAddress = Receiver.Address(port: lokiPort)
        configuration.elasticsearchAddress = nil
        return try Receiver(
            configuration: configuration,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    @Test func everythingIsThereAfterAReopening() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "x")])
            let bulk = "{\"create\":{\"_index\":\"web\",\"_id\":\"1\"}}\n{\"a\":1}\n"
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                #expect(try await live.loki("POST", Self.push, body).status == 204)
                #expect(try await live.elasticsearch("POST", "/_bulk", bulk).status == 200)
            }
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                #expect(try await live.lines(#"{a="1"}"#) == ["x"])
                // Repeats are known, and so are lines too far behind.
                #expect(try await live.loki("POST", Self.push, body).status == 204)
                #expect(live.receiver.counters.loki.duplicates == 1)
                let behind = LiveReceiver.push(#"{"a":"1"}"#, [(now - 3700 * Self.second, "late")])
                #expect(try await live.loki("POST", Self.push, behind).status == 400)
                let again = try await live.elasticsearch("POST", "/_bulk", bulk)
                #expect(again.text.contains("\"status\":409"))
                let count = try await live.elasticsearch("GET", "/web/_count")
                #expect(try JSONTree(count.text)["count"]?.integer == 1)
            }
        }
    }

    /// A copy of the files taken while the receiver runs is what a `kill -9` leaves behind.
    @Test func whatWasAnsweredSurvivesAKill() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            let copy = try LiveReceiver.makeDirectory()
            defer { LiveReceiver.remove(copy) }
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                let now = LiveReceiver.now
                let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "x")])
                #expect(try await live.loki("POST", Self.push, body).status == 204)
                for name in ["receiver.db", "receiver.db-wal"] {
                    try Self.copy(directory + "/" + name, to: copy + "/" + name)
                }
            }
            try await LiveReceiver.run(directory: copy) { (live: LiveReceiver) async throws in
                #expect(try await live.lines(#"{a="1"}"#) == ["x"])
            }
        }
    }

    private static func copy(_ path: String, to other: String) throws {
        let from = unsafe open(path, O_RDONLY)
        let into = unsafe open(other, O_CREAT | O_WRONLY, 0o600)
        try #require(from >= 0 && into >= 0)
        defer {
            close(from)
            close(into)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(from, &buffer, buffer.count)
            if count <= 0 { return }
            try #require(unsafe write(into, buffer, count) == count)
        }
    }

    @Test func manyWritersAtOnceLoseNothing() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for part in 0..<10 {
                            let values = (0..<20).map { (now + Int64($0), "\(writer) \(part) \($0)") }
                            let body = LiveReceiver.push("{\"w\":\"\(writer)\"}", values)
                            let answer = try await live.loki("POST", Self.push, body)
                            #expect(answer.status == 204)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(Set(try await live.lines(#"{w=~".+"}"#)).count == 1600)
            #expect(live.receiver.counters.loki.events == 1600)
        }
    }

    // MARK: Retention

    /// Waits until `isTrue`, as long as a test may reasonably take.
    private static func eventually(_ isTrue: () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await isTrue() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("it did not come true")
    }

    @Test func whatIsTooOldGoes() async throws {
        let ahead = Atomic<Int64>(0)
        try await LiveReceiver.run({
            $0.retentionSeconds = 3600
            $0.retentionInterval = 1
            $0.now = { LiveReceiver.now + ahead.load(ordering: .relaxed) }
        }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(now - 3000 * Self.second, "old"), (now, "new")])
            #expect(try await live.loki("POST", Self.push, body).status == 204)
            let other = LiveReceiver.push(#"{"a":"2"}"#, [(now - 3000 * Self.second, "old")])
            #expect(try await live.loki("POST", Self.push, other).status == 204)
            let bulk = "{\"create\":{\"_index\":\"web\",\"_id\":\"1\"}}\n{\"a\":1}\n"
            #expect(try await live.elasticsearch("POST", "/_bulk", bulk).status == 200)
            #expect(try await live.lines(#"{a=~".+"}"#).count == 3)

            // A quarter of an hour later, the two old entries are beyond an hour, and the document is not.
            ahead.store(900 * Self.second, ordering: .relaxed)
            let all = "&start=\(now - 86_400 * Self.second)&end=\(now + 86_400 * Self.second)"
            try await Self.eventually { try await live.lines(#"{a=~".+"}"#, all) == ["new"] }
            let count = try await live.elasticsearch("GET", "/_count")
            #expect(try JSONTree(count.text)["count"]?.integer == 1)
            // A stream without entries is gone, and comes back when it gets one.
            let again = LiveReceiver.push(#"{"a":"2"}"#, [(now, "again")])
            #expect(try await live.loki("POST", Self.push, again).status == 204)
            #expect(Set(try await live.lines(#"{a=~".+"}"#, all)) == ["new", "again"])

            ahead.store(3700 * Self.second, ordering: .relaxed)
            try await Self.eventually {
                let count = try await live.elasticsearch("GET", "/_count")
                return try JSONTree(count.text)["count"]?.integer == 0
            }
            let listed = try await live.elasticsearch("GET", "/_cat/indices?h=docs.count")
            #expect(listed.text == "0\n")
        }
    }

    @Test func whatArrivedFirstGoesWhenThereIsTooMuch() async throws {
        try await LiveReceiver.run({
            $0.retentionBytes = 2 << 20
            $0.retentionInterval = 1
        }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let filler = String(repeating: "x", count: 400)
            for part in 0..<6 {
                let values = (0..<3000).map { (now + Int64(part * 3000 + $0), "\(part * 3000 + $0) \(filler)") }
                #expect(try await live.loki("POST", Self.push, LiveReceiver.push(#"{"a":"1"}"#, values)).status == 204)
            }
            try await Self.eventually {
                let stats = try await live.loki("GET", "/loki/api/v1/index/stats")
                return try JSONTree(stats.text)["bytes"]?.integer ?? Int.max < 2 << 20
            }
            // The last ones are there.
            let last = try await live.lines(#"{a="1"} |~ "^17999 ""#)
            #expect(last.count == 1)
            let first = try await live.lines(#"{a="1"} |~ "^0 ""#)
            #expect(first.isEmpty)
        }
    }

    // MARK: What stands in the way

    @Test func aReceiverWithoutAnAddressIsRefused() throws {
        var configuration = Receiver.Configuration(dataDirectory: "/tmp")
        configuration.lokiAddress = nil
        configuration.elasticsearchAddress = nil
        let error = #expect(throws: ReceiverError.self) {
            try Receiver(configuration: configuration, logger: Logger(label: "test"))
        }
        #expect(error?.description.contains("nothing to listen on") == true)
    }

    @Test func aDirectoryThatCannotBeIsSaid() async throws {
        let below = #expect(throws: ReceiverError.self) { try Self.receiver("/dev/null/data") }
        #expect(below?.description.contains("/dev/null/data cannot be used") == true)
        #expect(below?.description.contains("Not a directory") == true)
        #expect(below?.description.contains("--data") == true)
    }

    @Test func aDirectoryInUseIsSaid() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            try await LiveReceiver.run(directory: directory) { (_: LiveReceiver) async throws in
                let error = #expect(throws: ReceiverError.self) { try Self.receiver(directory) }
                #expect(error?.description.contains("in use by another receiver") == true)
            }
        }
    }

    @Test func aDatabaseThatIsNoneIsSaid() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            let text = [UInt8](repeating: 0x41, count: 4096)
            let file = unsafe open(directory + "/receiver.db", O_CREAT | O_WRONLY, 0o600)
            try #require(unsafe write(file, text, text.count) == text.count)
            close(file)
            let error = #expect(throws: ReceiverError.self) { try Self.receiver(directory) }
            #expect(error?.description.contains("receiver.db") == true)
            #expect(error?.description.contains("move") == true)
        }
    }

    @Test func aPortInUseIsSaid() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            try await LiveReceiver.withDirectory(nil) { directory in
                let port = live.ports.loki ?? 0
                let second = try Self.receiver(directory, lokiPort: port)
                let error = await #expect(throws: ReceiverError.self) { try await second.run() }
                #expect(error?.description.contains("127.0.0.1:\(port): the port is in use") == true)
                await #expect(throws: ReceiverError.self) { try await second.boundPorts }
            }
        }
    }

    @Test func anAddressThatIsNoneIsSaid() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            var configuration = Receiver.Configuration(dataDirectory: directory)
            configuration.lokiAddress = Receiver.Address(host: "192.0.2.1", port: 0)
            configuration.elasticsearchAddress = Receiver.Address(port: 0)
            let receiver = try Receiver(
                configuration: configuration,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            let error = await #expect(throws: ReceiverError.self) { try await receiver.run() }
            #expect(error?.description.contains("cannot listen on 192.0.2.1:0") == true)
        }
    }

    @Test func aGracefulShutdownEndsIt() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            let receiver = try Self.receiver(directory)
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let group = ServiceGroup(services: [receiver], logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let ports = try await receiver.boundPorts
                let live = LiveReceiver(receiver: receiver, ports: ports)
                let body = LiveReceiver.push(#"{"a":"1"}"#, [(LiveReceiver.now, "x")])
                #expect(try await live.loki("POST", Self.push, body).status == 204)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            // The directory is free again.
            _ = try Self.receiver(directory)
        }
    }
}
