// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Synchronization
import Testing

@Suite("Sampling and repeats")
struct FloodTests {
    private let destination = MemoryDestination()
    private final class Time: Sendable {
        let now = Mutex<Int64>(1_000_000_000_000)
        func advance(seconds: Double) { now.withLock { $0 += Int64(seconds * 1e9) } }
    }
    private let time = Time()

    private func engine(_ change: (inout LogConfiguration) -> Void) -> LogEngine {
        var configuration = LogConfiguration(level: .trace, outputs: [LogOutput(destination)])
        change(&configuration)
        return LogEngine(configuration, clock: { [time] in time.now.withLock { $0 } })
    }

    private func messages() throws -> [String] { try destination.lines.map { try LogLine($0)["message"] ?? "" } }

    @Test("Of each level and message the first are logged in each interval, and then every so-many-th")
    func sampling() throws {
        let engine = engine { $0.sampling = LogSampling(first: 2, thereafter: 3) }
        let log = ContextLogger("x", engine: engine)
        for number in 1...10 { log.info("a") { $0["n"] = number } }
        log.info("b") { $0["n"] = 0 }
        log.debug("a") { $0["n"] = 0 }
        for _ in 0..<5 { log.error("a") { $0["n"] = -1 } }
        time.advance(seconds: 1)
        log.info("a") { $0["n"] = 11 }
        let numbers = try destination.lines.map { try LogLine($0)["n"] ?? "" }
        #expect(numbers == ["1", "2", "5", "8", "0", "0", "-1", "-1", "-1", "-1", "-1", "11"])
        #expect(engine.sampledOut == 6)
    }

    @Test("After the first nothing is logged if nothing is asked for, errors neither if they are not exempt")
    func samplingWithoutRest() throws {
        let engine = engine { $0.sampling = LogSampling(first: 1, thereafter: 0, exemptLevel: nil) }
        let log = ContextLogger("x", engine: engine)
        for _ in 0..<100 { log.error("a") }
        #expect(destination.lines.count == 1 && engine.sampledOut == 99)
    }

    @Test("A line that is said again is counted, and the count said when the interval is over")
    func repeats() throws {
        let engine = engine { $0.repeats = LogRepeats(interval: .seconds(10)) }
        let log = ContextLogger("x", engine: engine)
        let logger = Logger(label: "x") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }
        for _ in 0..<3 { log.warning("a") { $0["n"] = 1 } }
        logger.warning("a", metadata: ["n": .stringConvertible(1)])
        log.warning("a") { $0["n"] = 2 }
        log.error("a") { $0["n"] = 1 }
        ContextLogger("y", engine: engine).warning("a") { $0["n"] = 1 }
        #expect(destination.lines.count == 4)
        time.advance(seconds: 10)
        log.info("b")
        #expect(try messages().dropFirst(4) == ["\"repeated 3 times: a\"", "\"b\""])
        let said = try LogLine(destination.lines[4])
        #expect(said["level"] == "\"WARNING\"" && said["repeated"] == "3" && said["logger"] == "\"x\"")
        log.warning("a") { $0["n"] = 1 }
        #expect(destination.lines.count == 7 && engine.suppressedRepeats == 3)
    }

    @Test("What was counted is said when the engine is flushed, closed or configured")
    func drains() throws {
        for end in [{ $0.flush() }, { $0.close() }, { $0.configure($0.configuration) }] as [(LogEngine) -> Void] {
            let engine = engine { $0.repeats = LogRepeats() }
            let log = ContextLogger("x", engine: engine)
            log.info("a")
            log.info("a")
            end(engine)
        }
        #expect(try messages() == Array(repeating: ["\"a\"", "\"repeated 1 time: a\""], count: 3).flatMap { $0 })
    }
}
