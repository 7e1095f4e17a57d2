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
            results.append(measure("\(name): disabled", input) { logger.debug("not logged") })
            results.append(measure("\(name): static", input) { logger.info("prediction served") })
            results.append(measure("\(name): ten context keys", input) { context.info("prediction served") })
            results.append(
                measure("\(name): ten call-site keys", input) {
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
            )
        }
        return results
    }

    private static func measure(_ name: String, _ input: MeasureInput, log: () -> Void) -> Measurement {
        let lines = 100_000
        return Measurement("log, \(name)", bytes: 0, events: lines, rounds: input.rounds) {
            for _ in 0..<lines { log() }
        }
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
