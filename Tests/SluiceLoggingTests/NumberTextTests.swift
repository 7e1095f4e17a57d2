// SPDX-License-Identifier: Apache-2.0

import SluiceLogging
import TestSupport
import Testing

@Suite("Numbers and times in lines")
struct NumberTextTests {
    private let destination = MemoryDestination()

    @Test("Doubles read as their descriptions do", arguments: 0..<20 as Range<UInt64>)
    func doubles(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let fixed = [
            0.0, -0.0, 1, -1, 0.1, 0.013, 100, 1e-4, 9.999e-5, 123_456.789_012, 999_999_999.999_999, 1e9, 0.1 + 0.2,
            .leastNonzeroMagnitude,
            1e15, 1e16, 1e300, 0.000_001, 1_000_000.5, 42.000_001, 0.999_999_9,
        ]
        let chosen = (0..<200).map { _ in
            Double(Int64.random(in: -1_000_000_000...1_000_000_000, using: &random))
                / ([1, 10, 1000, 1e6, 1e7, 3].randomElement(using: &random) ?? 1)
        }
        let anything = (0..<200).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
        let log = ContextLogger("x", engine: destination.engine())
        let values = fixed + chosen + anything
        log.info("m") { $0["v"] = values }
        #expect(try destination.onlyLine()["v"] == "[" + values.map(\.description).joined(separator: ",") + "]")
    }

    @Test("Whole numbers read as their descriptions do")
    func integers() throws {
        var values = [0, Int.max, Int.min, 99_999_999, 100_000_000, 100_000_001, 10_000_000_000_000_000]
        var power = 1
        for _ in 0..<18 {
            values += [power - 1, power, -power]
            power *= 10
        }
        let list = values
        ContextLogger("x", engine: destination.engine()).info("m") { $0["v"] = list }
        #expect(try destination.onlyLine()["v"] == "[" + values.map(\.description).joined(separator: ",") + "]")
    }

    @Test("Times are right across seconds, days and years of any length, in any order")
    func times() throws {
        let expected: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00.000000Z"), (999_999_999, "1970-01-01T00:00:00.999999Z"),
            (1_000_000_000, "1970-01-01T00:00:01.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (1_795_318_320_123_456_789, "2026-11-22T03:32:00.123456Z"), (0, "1970-01-01T00:00:00.000000Z"),
            (.max, "2262-04-11T23:47:16.854775Z"), (.min, "1677-09-21T00:12:43.145224Z"),
            (1_795_318_320_000_000_999, "2026-11-22T03:32:00.000000Z"),
        ]
        for (time, text) in expected {
            let destination = MemoryDestination()
            let configuration = LogConfiguration(outputs: [LogOutput(destination)])
            ContextLogger("x", engine: LogEngine(configuration, clock: { time })).info("m")
            #expect(try destination.onlyLine()["timestamp"] == "\"\(text)\"")
        }
    }
}
