// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// What an engine says of itself, in the log: by the logger `sluice.logging`, to whatever outputs take its level,
/// whichever levels loggers have.
enum EngineNotice {
    /// A configuration has problems, and the one before it stays in force.
    static func refused(_ error: LogConfigurationError, in engine: LogEngine) {
        say(.error, "the configuration stays as it was, because the new one has problems", in: engine) {
            $0["problems"] = error.problems.map(\.description)
        }
    }

    private static func say(
        _ level: Logger.Level,
        _ message: String,
        in engine: LogEngine,
        _ fields: (borrowing LogFields) -> Void
    ) {
        let entry = engine.entry(for: "sluice.logging")
        message.withBytes { message in
            LineBuffer.withCurrent { buffer in
                unsafe entry.route._withUnsafeGuaranteedRef { route in
                    buffer.beginExplicit(route.policy)
                    fields(LogFields(buffer))
                    buffer.beginBlocks()
                    buffer.add(buffer.explicit)
                    let source = LineBuffer.Source(
                        file: ByteView("SluiceLogging/EngineNotice.swift"),
                        function: ByteView("say"),
                        line: 0
                    )
                    let record = LogRecord(
                        time: route.now(),
                        level: level,
                        error: nil,
                        message: message,
                        source: source,
                        entry: entry,
                        buffer: buffer,
                        route: route
                    )
                    route.write(record, rank: LevelRank.of(level), buffer: buffer)
                }
            }
        }
    }
}
