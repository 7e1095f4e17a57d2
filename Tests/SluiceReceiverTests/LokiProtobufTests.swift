// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import SluiceReceiver
import Testing

/// Pushes in Protocol Buffers, compressed with Snappy.
struct LokiProtobufTests {
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        let arena = ByteArena()
        arena.append(number << 3 | 2)
        arena.append(varint: bytes.count)
        arena.append(bytes)
        return arena.view.array
    }

    private static func entry(_ time: Int64, _ line: String, _ metadata: [(String, String)] = []) -> [UInt8] {
        let stamp = ByteArena()
        stamp.append(0x08)
        stamp.append(varint: Int(time / 1_000_000_000))
        stamp.append(0x10)
        stamp.append(varint: Int(time % 1_000_000_000))
        var entry = field(1, stamp.view.array) + field(2, Array(line.utf8))
        for (name, value) in metadata { entry += field(3, field(1, Array(name.utf8)) + field(2, Array(value.utf8))) }
        return entry
    }

    private static func stream(_ labels: String, _ entries: [[UInt8]]) -> [UInt8] {
        field(1, field(1, Array(labels.utf8)) + entries.flatMap { field(2, $0) })
    }

    private static func snappy(_ message: [UInt8]) -> [UInt8] {
        let output = ByteArena()
        message.withByteView { SnappyCompressor().compress($0, to: output) }
        return output.view.array
    }

    private func push(
        _ live: LiveReceiver,
        _ body: [UInt8],
        _ headers: [String: String] = [:]
    ) async throws -> LiveReceiver.Answer {
        let headers = ["Content-Type": "application/x-protobuf"].merging(headers) { $1 }
        return try await live.send("POST", port: live.ports.loki, LokiPushTests.path, body, headers)
    }

    @Test func whatIsPushedIsFound() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let message =
                Self.stream(
                    #"{app="web", quoted="a\"b\\\n\u00e9"}"#,
                    [Self.entry(now, "one"), Self.entry(now + 1, "two")]
                )
                + Self.stream(#"{app="api"}"#, [Self.entry(now, "three", [("trace.id", "x\"y")])])
            #expect(try await push(live, Self.snappy(message)).status == 204)
            #expect(try await live.lines(#"{app="web", quoted="a\"b\\\né"}"#) == ["one", "two"])
            #expect(try await live.lines(#"{app="api"} | trace_id = "x\"y""#) == ["three"])
            #expect(live.receiver.counters.loki.events == 3)
        }
    }

    /// A stream whose entries stand before its labels, a length of more bytes than it needs, fields that nobody knows,
    /// and another name for the type: Loki takes them all.
    @Test func otherWritersAreUnderstood() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let entry = Self.entry(LiveReceiver.now, "one") + [0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8]
            let inner = Self.field(2, entry) + Self.field(1, Array(#"{ app = "web" , }"#.utf8)) + [0x18, 7]
            let padded = [UInt8(0x0a), UInt8(inner.count & 0x7f) | 0x80, UInt8(inner.count >> 7) | 0x80, 0x80, 0x00]
            let body = Self.snappy(padded + inner + Self.field(2, Array("json".utf8)))
            #expect(
                try await push(live, body, ["Content-Type": "text/plain", "Content-Encoding": "snappy"]).status == 204
            )
            #expect(try await live.lines(#"{app="web"}"#) == ["one"])
        }
    }

    @Test func limitsAreTheSame() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let long = String(repeating: "x", count: 262_145)
            let old = now - 8 * 86_400_000_000_000
            let message =
                Self.stream(#"{app="web"}"#, [Self.entry(now, "good"), Self.entry(now, long), Self.entry(old, "old")])
                + Self.stream(#"{app="\#(String(repeating: "v", count: 3000))"}"#, [Self.entry(now, "bad label")])
            let answer = try await push(live, Self.snappy(message))
            #expect(answer.status == 400)
            for words in ["max entry size", "timestamp too old", "label value too long"] {
                #expect(answer.text.contains(words))
            }
            #expect(try await live.lines(#"{app="web"}"#) == ["good"])
            #expect(live.receiver.counters.loki.refusals == 3)
        }
    }

    @Test func whatIsMalformedIsRefused() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let good = Self.stream(#"{app="web"}"#, [Self.entry(now, "one")])
            var bodies: [([UInt8], UInt)] = [
                ([], 400), (good, 400), (Array(Self.snappy(good).dropLast()), 400), (Self.snappy(good) + [0], 400),
                ([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], 413), ([0xff, 0xff, 0xff, 0x3f, 0x00], 400),
                ([5, 0x00, 0x61, 0x01, 0x02], 400), (Self.snappy([]), 422), (Self.snappy([0x18, 1]), 422),
                (Self.snappy([0x00, 0x00]), 400), (Self.snappy([0x0b, 0x0c]), 400),
                (Self.snappy([0x18] + [UInt8](repeating: 0xff, count: 10) + [1]), 400),
                (Self.snappy([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), 400),
            ]
            for labels in [
                "", "{", "app", #"{app="web""#, #"{app=web}"#, #"{app="\q"}"#, #"{="x"}"#, #"{app="x"}}"#, "{,}",
            ] {
                bodies.append((Self.snappy(Self.stream(labels, [Self.entry(now, "x")])), 400))
            }
            // Within a stream, an entry, a timestamp, a member, and a time that no number holds.
            let cut = Self.field(2, [0x12, 0x7f, 0x61])
            bodies.append((Self.snappy(Self.field(1, Self.field(1, Array(#"{a="b"}"#.utf8)) + cut)), 400))
            for inner in [
                Self.field(1, [0x08]), Self.field(3, [0x0a, 9]),
                Self.field(1, [0x08] + [UInt8](repeating: 0xff, count: 8) + [0x7f]),
            ] {
                bodies.append((Self.snappy(Self.stream(#"{a="b"}"#, [inner])), 400))
            }
            for (number, (body, status)) in bodies.enumerated() {
                let answer = try await push(live, body)
                #expect(answer.status == status, "body \(number): \(answer.text)")
            }
            #expect(live.receiver.counters.loki.events == 0)
            #expect(try await push(live, Self.snappy(good)).status == 204, "and goes on")
        }
    }
}
