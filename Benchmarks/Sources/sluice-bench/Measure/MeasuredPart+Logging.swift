// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging

extension MeasuredPart {
    /// Lines logged through swift-log into a destination that discards them, beside an empty handler.
    static let logging = MeasuredPart(name: "logging") { input throws(ToolError) in
        let discarding = Discarding()
        var results: [Measurement] = []
        for (name, handler) in [
            ("empty", EmptyHandler()),
            ("sluice", JSONLogHandler(label: "bench", destination: discarding, metadataProvider: nil)),
        ] as [(String, any LogHandler)] {
            let logger = Logger(label: "bench") { _ in handler }
            var withContext = logger
            for number in 0..<10 { withContext[metadataKey: "context_key_\(number)"] = "value \(number)" }
            let context = withContext
            results += measure("\(name): disabled", input) { logger.debug("not logged") }
            results += measure("\(name): static", input) { logger.info("prediction served") }
            results += measure("\(name): ten context keys", input) { context.info("prediction served") }
            results += measure("\(name): ten call-site keys", input) {
                logger.info(
                    "prediction served",
                    metadata: [
                        "user_id": .stringConvertible(42), "request_id": "9f0c3ab27d11", "model": "churn",
                        "version": "2.4.1", "execution_time": .stringConvertible(0.013), "tenant": "a",
                        "region": "eu", "attempt": .stringConvertible(1), "cached": .stringConvertible(true),
                        "shard": .stringConvertible(7),
                    ]
                )
            }
        }
        results += typed(LogEngine(LogConfiguration(outputs: [LogOutput(discarding)])), input)
        return results + (try file(input))
    }

    /// The same through the typed door.
    private static func typed(_ engine: LogEngine, _ input: MeasureInput) -> [Measurement] {
        let log = ContextLogger("bench", engine: engine)
        let context = log.with([
            "context_key_0": "value 0", "context_key_1": "value 1", "context_key_2": "value 2",
            "context_key_3": "value 3", "context_key_4": "value 4", "context_key_5": "value 5",
            "context_key_6": "value 6", "context_key_7": "value 7", "context_key_8": "value 8",
            "context_key_9": "value 9",
        ])
        return
            measure("typed: disabled", input) { log.debug("not logged") }
            + measure("typed: static", input) { log.info("prediction served") }
            + measure("typed: ten context keys", input) { context.info("prediction served") }
            + measure("typed: ten mixed fields", input) {
                log.info("prediction served") {
                    $0["user_id"] = 42
                    $0["request_id"] = "9f0c3ab27d11"
                    $0["model"] = "churn"
                    $0["version"] = "2.4.1"
                    $0["execution_time"] = 0.013
                    $0["tenant"] = "a"
                    $0["region"] = "eu"
                    $0["attempt"] = 1
                    $0["cached"] = true
                    $0["shard"] = 7
                }
            }
    }

    /// The same into a rotating file, by its writing modes. It is the thread that logs whose time is taken, the kernel's
    /// included: a background queue's own thread is not.
    private static func file(_ input: MeasureInput) throws(ToolError) -> [Measurement] {
        let directory = try TemporaryDirectory()
        let modes: [(name: String, mode: WritingMode)] = [
            ("immediate", .immediate), ("buffered", .buffered(BufferPolicy())),
            ("background", .background(QueuePolicy(overflow: .dropNewest))),
        ]
        var results: [Measurement] = []
        for (name, mode) in modes {
            let file: RotatingFile
            do throws(SystemError) {
                file = try RotatingFile(
                    path: "\(directory.path)/\(name).log",
                    maximumBytes: 10 << 20,
                    backupCount: 1
                )
            } catch {
                throw ToolError(error.description)
            }
            let destination = file.writing(mode)
            let log = ContextLogger("bench", engine: LogEngine(LogConfiguration(outputs: [LogOutput(destination)])))
            results += measure("file, \(name): static", input) { log.info("prediction served") }
            destination.close()
        }
        return results
    }

    /// - Returns: nothing if the row is not wanted.
    private static func measure(_ name: String, _ input: MeasureInput, log: () -> Void) -> [Measurement] {
        guard input.rows.isEmpty || input.rows.contains(name) else { return [] }
        let lines = 100_000
        let measurement = Measurement("log, \(name)", bytes: 0, events: lines, rounds: input.rounds) {
            for _ in 0..<lines { log() }
        }
        return [measurement]
    }
}

/// What nobody can be cheaper than.
private struct EmptyHandler: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    func log(event: LogEvent) {}

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

private final class Discarding: LogDestination {
    func write(_ line: RawSpan, level: Logger.Level) {}
    func flush() {}
    func close() {}
}
