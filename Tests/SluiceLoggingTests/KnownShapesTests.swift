// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import TestSupport
import Testing

/// A thread remembers the dictionaries that it wrote; what it writes must not depend on that.
@Suite("Dictionaries of keys that were there before")
struct KnownShapesTests {
    @Test("A line says the same, whatever was written before it", arguments: 0..<30 as Range<UInt64>)
    func lines(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let destination = MemoryDestination()
        let redacted = destination.engine { $0.redaction = LogRedaction(keys: ["password", "abcdefgh"]) }
        let engines = [destination.engine(), redacted]
        let shapes = (0..<12).map { _ in Self.keys.shuffled(using: &random).prefix(random.below(Self.keys.count)) }
        for _ in 0..<300 {
            var metadata: Logger.Metadata = [:]
            for key in random.pick(shapes) { metadata[key] = Self.value(&random) }
            let engine = random.pick(engines)
            // A handler's own metadata is encoded once and without what threads remember.
            let own = JSONLogHandler(label: "test", engine: engine, metadata: metadata, metadataProvider: nil)
            let called = JSONLogHandler(label: "test", engine: engine, metadataProvider: nil)
            Logger(label: "test") { _ in own }.info("x", source: "s", function: "f", line: 1)
            Logger(label: "test") { _ in called }.info("x", metadata: metadata, source: "s", function: "f", line: 1)
        }
        let lines = destination.lines
        try #require(lines.count == 600)
        for pair in stride(from: 0, to: lines.count, by: 2) {
            #expect(lines[pair] == lines[pair + 1], "seed \(seed)")
            #expect(throws: Never.self) { try LogLine(lines[pair + 1]) }
        }
    }

    private static func value(_ random: inout SplitMix64) -> Logger.MetadataValue {
        switch random.below(6) {
        case 0: .stringConvertible(random.below(100_000))
        case 1: .stringConvertible(Double(random.below(1000)) / 8)
        case 2: .stringConvertible(random.below(2) == 0)
        case 3: .array(["a", .stringConvertible(1)])
        case 4: .dictionary(["password": "secret", "b": .stringConvertible(UInt64.max)])
        default: .string(String(repeating: "v", count: random.below(20)))
        }
    }

    /// More than are remembered of one dictionary, some of them alike up to their last bytes, or to be escaped.
    private static let keys =
        (0..<30).map { "key_number_\($0)" } + [
            "a", "b", "ab", "abcdefgh", "abcdefghi", "abcdefghj", "password", "level", "level_", "é", "\"", "\n", "",
            String(repeating: "long", count: 300),
        ]
}
