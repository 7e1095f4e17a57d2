// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Synchronization
import Testing

@Suite("Engine")
struct LogEngineTests {
    private let first = MemoryDestination()
    private let second = MemoryDestination()

    private func messages(_ destination: MemoryDestination) throws -> [String] {
        try destination.lines.map { try LogLine($0)["message"] ?? "" }
    }

    @Test("Each output takes what its own level lets through, in its own layout")
    func outputs() throws {
        let outputs = [LogOutput(first, level: .debug), LogOutput(second, level: .error, layout: .text)]
        let engine = LogEngine(LogConfiguration(level: .trace, outputs: outputs), clock: MemoryDestination.clock)
        let log = ContextLogger("x", engine: engine)
        log.trace("1")
        log.debug("2")
        log.error("3")
        #expect(try messages(first) == ["\"2\"", "\"3\""])
        #expect(second.lines == ["2026-11-22 03:32:00,123 [ERROR] x: 3\n"])
        // What no output takes is not even looked at.
        #expect(!log.isEnabled(.trace) && log.isEnabled(.debug))
    }

    @Test("Levels and outputs are found by the dotted name, as in Python")
    func names() throws {
        let third = MemoryDestination()
        let engine = LogEngine(
            LogConfiguration(
                level: .warning,
                outputs: [LogOutput(first)],
                loggers: [
                    "mlops": LoggerRule(level: .info, outputs: [LogOutput(second)]),
                    "mlops.prediction": LoggerRule(outputs: [LogOutput(third)], propagates: false),
                ]
            )
        )
        ContextLogger("other", engine: engine).info("no")
        ContextLogger("other", engine: engine).warning("other")
        ContextLogger("mlops", engine: engine).info("mlops")
        ContextLogger("mlopsy", engine: engine).info("no")
        ContextLogger("mlops.prediction.deep", engine: engine).info("deep")
        ContextLogger("mlops.prediction.deep", engine: engine).debug("no")
        #expect(try messages(first) == ["\"other\"", "\"mlops\""])
        #expect(try messages(second) == ["\"mlops\""])
        #expect(try messages(third) == ["\"deep\""])
    }

    @Test("A new configuration holds for loggers that exist, of both doors")
    func configure() throws {
        let engine = first.engine(level: .error)
        let log = ContextLogger("x", engine: engine)
        let logger = Logger(label: "x") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }
        log.info("1")
        logger.info("1")
        engine.configure(LogConfiguration(level: .info, outputs: [LogOutput(second)]))
        log.info("2")
        logger.info("3")
        #expect(first.lines.isEmpty)
        #expect(try messages(second) == ["\"2\"", "\"3\""])
    }

    @Test("Levels change while running, for a name and those below it, and go back")
    func levels() {
        let engine = first.engine(level: .info)
        let log = ContextLogger("a.b", engine: engine)
        var logger = Logger(label: "a.b") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }
        #expect(logger.logLevel == .info && !log.isEnabled(.debug))
        engine.setLevel(.debug, for: "a")
        #expect(engine.level(of: "a.b") == .debug && engine.level(of: "b") == .info)
        #expect(logger.logLevel == .debug && log.isEnabled(.debug))
        engine.setLevel(.error)
        #expect(engine.level(of: "b") == .error && engine.level(of: "a.b") == .debug)
        engine.setLevel(nil, for: "a")
        #expect(engine.level(of: "a.b") == .error && logger.logLevel == .error)
        engine.setLevel(nil)
        #expect(logger.logLevel == .info)
        // What is set on a logger is that logger's, as swift-log has it.
        logger.logLevel = .trace
        engine.setLevel(.critical)
        #expect(logger.logLevel == .trace)
        logger.trace("m")
        #expect(first.lines.count == 1)
    }

    @Test("A logger without outputs logs nothing")
    func noOutputs() {
        let engine = LogEngine(LogConfiguration(level: .trace, outputs: []))
        let log = ContextLogger("x", engine: engine)
        #expect(!log.isEnabled(.critical))
        log.critical("m")
        Logger(label: "x") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }.critical("m")
    }

    private final class Counting: LogLayout {
        let writes = Mutex(0)
        static func == (left: Counting, right: Counting) -> Bool { left === right }
        func hash(into hasher: inout Hasher) {}
        func write(_ record: borrowing LogRecord, to line: inout SluiceLogging.LogLine) {
            writes.withLock { $0 += 1 }
            line.append("\(record.level) \(record.logger) \(record.message)\n")
            line.append("\(record.module) \(record.file) \(record.function) \(record.line) \(record.time)")
            record.forEachField { key, value in line.append(" \(key)=\(value)") }
        }
    }

    @Test("A layout of one's own gets all there is, its line is one line, and is encoded once for several outputs")
    func ownLayout() {
        let layout = Counting()
        let outputs = [LogOutput(first, layout: layout), LogOutput(second, layout: layout)]
        let engine = LogEngine(LogConfiguration(outputs: outputs), clock: MemoryDestination.clock)
        ContextLogger("name", engine: engine).info("m", file: "M/F.swift", function: "f()", line: 3) {
            $0["k\n"] = "v\n"
        }
        let expected = "info name m M M/F.swift f() 3 1795318320123456789 k =\"v\\n\"\n"
        #expect(first.lines == [expected] && second.lines == [expected])
        #expect(layout.writes.withLock { $0 } == 1)
    }

    private final class Ending: LogDestination {
        let calls = Mutex<[String]>([])
        func write(_ line: RawSpan, level: Logger.Level) {}
        func flush() { calls.withLock { $0.append("flush") } }
        func close() { calls.withLock { $0.append("close") } }
    }

    @Test("Flushing and closing reach each destination once")
    func ending() {
        let destination = Ending()
        let output = LogOutput(destination)
        let rule = LoggerRule(outputs: [output])
        let engine = LogEngine(LogConfiguration(outputs: [output, output], loggers: ["a": rule]))
        engine.flush()
        engine.close()
        #expect(destination.calls.withLock { $0 } == ["flush", "close"])
    }

    @Test("Many names that come and go are not kept")
    func manyNames() {
        let engine = first.engine()
        for number in 0..<10_000 { ContextLogger("request-\(number)", engine: engine).info("m") }
        #expect(first.lines.count == 10_000)
        #expect(engine.knownNames < 200)
    }

    @Test("Loggers of one name on many threads while the configuration changes lose nothing")
    func concurrentChanges() async {
        let engine = first.engine(level: .info)
        let log = ContextLogger("x", engine: engine)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<2000 {
                        log.setContext(["number": number])
                        log.info("m") { $0["n"] = number }
                    }
                }
            }
            group.addTask {
                for _ in 0..<200 { engine.configure(engine.configuration) }
            }
        }
        #expect(first.lines.count == 8000)
        #expect(first.lines.allSatisfy { (try? LogLine($0)) != nil })
    }
}
