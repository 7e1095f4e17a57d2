// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

@Suite("Metadata kept encoded")
struct EncodedMetadataTests {
    /// Setting, changing and removing keys one by one must lead to the line that setting all at once leads to.
    @Test("Any row of changes leaves what the final metadata says", arguments: 0..<50 as Range<UInt64>)
    func changes(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let destination = MemoryDestination()
        var handler = destination.handler()
        var expected: Logger.Metadata = [:]
        for _ in 0..<200 {
            let key = Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]
            if Int.random(in: 0..<3, using: &random) == 0 {
                handler[metadataKey: key] = nil
                expected[key] = nil
            } else {
                let length = Int.random(in: 0..<20, using: &random)
                let value = Logger.MetadataValue.string(String(repeating: "v", count: length))
                handler[metadataKey: key] = value
                expected[key] = value
            }
        }
        #expect(handler.metadata == expected)
        let fresh = destination.handler(metadata: expected)
        var assigned = destination.handler(metadata: ["other": "gone"])
        assigned.metadata = expected
        for handler in [handler, fresh, assigned] {
            Logger(label: "test") { _ in handler }.info("x", source: "s", function: "f", line: 1)
        }
        let lines = destination.lines
        try #require(lines.count == 3)
        #expect(lines[0] == lines[1] && lines[0] == lines[2], "seed \(seed)")
        let keys = try LogLine(lines[0]).keys.dropFirst(7)
        #expect(keys.count == expected.count && Set(keys).count == keys.count)
    }

    private static let keys = [
        "a", "b", "ab", "abcdefgh", "abcdefghi", "abcdefghj", "abcdefghiklmnop", "level", "level_", "message", "é",
        "\"",
        "", "request_id", "user_id", "model_version", "execution_time", "\n", "zzzzzzzz", "zzzzzzzzzzzzzzzzzzzz",
    ]
}

/// A generator of random numbers that gives the same row for the same seed.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
