// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// What comes over the wire and is no proper request.
struct HTTPListenerTests {
    /// Connects to a port of this machine, and sends a text.
    private static func connect(_ port: Int?, sending text: String) async throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port ?? 0).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe Glibc.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected)
        // From here on nothing may block the few threads that the receiver's tasks run on, too.
        try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        try await write(Array(text.utf8), to: descriptor)
        return descriptor
    }

    /// Sends all, or as much as the other side takes before it closes.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) async throws {
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = unsafe send(descriptor, rest, rest.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try await Task.sleep(for: .milliseconds(2))
            } else {
                return
            }
        }
    }

    /// The first part of what comes back.
    private static func answer(_ descriptor: Int32) async throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<2000 {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return String(decoding: buffer.prefix(count), as: UTF8.self) }
            guard errno == EAGAIN else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return ""
    }

    @Test func halfRequestsDoNoHarm() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"streams\":["
            var halves: [Int32] = []
            for _ in 0..<50 { halves.append(try await Self.connect(live.ports.loki, sending: head)) }
            defer { for half in halves { close(half) } }
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(LiveReceiver.now, "x")])
            #expect(try await live.loki("POST", "/loki/api/v1/push", body).status == 204)
            for half in halves.prefix(25) { shutdown(half, Int32(SHUT_RDWR)) }
            #expect(try await live.lines(#"{a="1"}"#) == ["x"])
            #expect(live.receiver.counters.loki.requests == 1)
        }
    }

    @Test func whatIsNoHTTPIsRefused() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let descriptor = try await Self.connect(
                live.ports.elasticsearch,
                sending: "\u{16}\u{3}\u{1}rubbish\r\n\r\n"
            )
            defer { close(descriptor) }
            #expect(try await Self.answer(descriptor).hasPrefix("HTTP/1.1 400"))
            #expect(try await live.elasticsearch("GET", "/").status == 200)
        }
    }

    @Test func aLargeBodyThatIsAnnouncedIsRefusedBeforeItsEnd() async throws {
        try await LiveReceiver.run({ $0.elasticsearchMaximumBodyBytes = 1000 }) { (live: LiveReceiver) async throws in
            let head =
                "POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 40000000\r\n\r\n"
            let descriptor = try await Self.connect(live.ports.elasticsearch, sending: head)
            defer { close(descriptor) }
            let part = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<38 { try await Self.write(part, to: descriptor) }
            #expect(try await Self.answer(descriptor).hasPrefix("HTTP/1.1 413"))
            #expect(live.receiver.counters.elasticsearch.refusals == 1)
        }
    }

    @Test func tooMuchAtOnceIsPutOff() async throws {
        try await LiveReceiver.run({ $0.maximumInFlightBytes = 2000 }) { (live: LiveReceiver) async throws in
            let head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n"
            let line = String(repeating: "x", count: 500)
            var status: UInt = 0
            // Half a body holds its room for as long as its connection is open. It is counted when it has been read,
            // which takes a moment, and if one of the other requests came in between it is the one put off: then
            // another is sent.
            var halves: [Int32] = []
            for attempt in 0..<500 {
                if attempt % 50 == 0 {
                    let text = head + String(repeating: " ", count: 1900)
                    halves.append(try await Self.connect(live.ports.loki, sending: text))
                    try await Task.sleep(for: .milliseconds(20))
                }
                let body = LiveReceiver.push(#"{"a":"1"}"#, [(LiveReceiver.now, "\(attempt) \(line)")])
                status = try await live.loki("POST", "/loki/api/v1/push", body).status
                if status == 429 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(status == 429)
            for half in halves { close(half) }
            for attempt in 0..<500 {
                let body = LiveReceiver.push(#"{"a":"1"}"#, [(LiveReceiver.now, "\(attempt) \(line)")])
                status = try await live.loki("POST", "/loki/api/v1/push", body).status
                if status == 204 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(status == 204)
        }
    }
}
