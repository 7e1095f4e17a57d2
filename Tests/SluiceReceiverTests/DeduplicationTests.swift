// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

/// Which repeats are dropped, in both modes.
struct DeduplicationTests {
    private static let path = "/loki/api/v1/push"

    private static func count(_ live: LiveReceiver) async throws -> Int {
        try await live.lines(#"{a="1"}"#).count
    }

    @Test func anExactRepeatIsDropped() async throws {
        for mode in [Receiver.Deduplication.everything, .headBlock] {
            try await LiveReceiver.run({ $0.deduplication = mode }) { (live: LiveReceiver) async throws in
                let now = LiveReceiver.now
                let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "x"), (now + 1, "y"), (now, "x")])
                #expect(try await live.loki("POST", Self.path, body).status == 204)
                #expect(try await live.loki("POST", Self.path, body).status == 204)
                #expect(try await Self.count(live) == 2)
                #expect(live.receiver.counters.loki.events == 2)
                #expect(live.receiver.counters.loki.duplicates == 4)
            }
        }
    }

    @Test func whatDiffersInAnythingIsKept() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            func push(_ labels: String, _ time: Int64, _ line: String, _ metadata: String) async throws {
                let body = "{\"streams\":[{\"stream\":\(labels),\"values\":[[\"\(time)\",\"\(line)\",\(metadata)]]}]}"
                #expect(try await live.loki("POST", Self.path, body).status == 204)
            }
            try await push(#"{"a":"1"}"#, now, "x", "{}")
            try await push(#"{"a":"1"}"#, now + 1, "x", "{}")
            try await push(#"{"a":"1"}"#, now, "y", "{}")
            try await push(#"{"a":"1"}"#, now, "x", #"{"k":"v"}"#)
            try await push(#"{"a":"1","b":"2"}"#, now, "x", "{}")
            #expect(live.receiver.counters.loki.events == 5)
            // The order of keys says nothing, and neither do escapes.
            try await push(#"{"b":"2","a":"1"}"#, now, "x", "null")
            try await push(#"{"a":"1"}"#, now, "\\u0078", #"{"k":"\u0076"}"#)
            #expect(live.receiver.counters.loki.events == 5)
            #expect(live.receiver.counters.loki.duplicates == 2)
        }
    }

    /// Enough lines to fill the head block, so that what was before it is out of sight.
    private static func fill(_ live: LiveReceiver, from time: Int64) async throws {
        for part in 0..<3 {
            let line = String(repeating: "f", count: 100_000)
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(time + Int64(part), line + "\(part)")])
            #expect(try await live.loki("POST", path, body).status == 204)
        }
        // The block is cut by the entry after the one that filled it.
        let body = LiveReceiver.push(#"{"a":"1"}"#, [(time + 10, "next block")])
        #expect(try await live.loki("POST", path, body).status == 204)
    }

    @Test func theHeadBlockForgetsWhatItNoLongerHolds() async throws {
        try await LiveReceiver.run({ $0.deduplication = .headBlock }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "x")])
            #expect(try await live.loki("POST", Self.path, body).status == 204)
            try await Self.fill(live, from: now + 1)
            #expect(try await live.loki("POST", Self.path, body).status == 204)
            #expect(live.receiver.counters.loki.duplicates == 0)
            #expect(try await Self.count(live) == 6)
        }
    }

    @Test func everythingIsRememberedByDefault() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "x")])
            #expect(try await live.loki("POST", Self.path, body).status == 204)
            try await Self.fill(live, from: now + 1)
            #expect(try await live.loki("POST", Self.path, body).status == 204)
            #expect(live.receiver.counters.loki.duplicates == 1)
            #expect(try await Self.count(live) == 5)
        }
    }
}
