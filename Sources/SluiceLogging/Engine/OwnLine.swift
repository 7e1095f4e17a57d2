// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// A line that the library says of itself. It goes to all outputs that take its level, whatever the logger's.
enum OwnLine {
    /// The logger that says it.
    static let logger = "sluice.logging"

    /// - Parameters:
    ///   - entry: the logger's, of whatever engine or destination.
    ///   - file: as in `SluiceLogging/LogEngine.swift`.
    static func write(
        _ level: Logger.Level,
        _ message: String,
        to entry: LoggerEntry,
        file: StaticString,
        function: StaticString,
        _ fields: (borrowing LogFields) -> Void
    ) {
        message.withBytes { message in
            LineBuffer.withCurrent { buffer in
                unsafe entry.route._withUnsafeGuaranteedRef { route in
                    buffer.beginExplicit(route.policy)
                    fields(LogFields(buffer))
                    buffer.beginBlocks()
                    buffer.add(buffer.explicit)
                    let record = LogRecord(
                        time: route.now(),
                        level: level,
                        hasError: false,
                        message: message,
                        source: LineBuffer.Source(file: ByteView(file), function: ByteView(function), line: 0),
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
