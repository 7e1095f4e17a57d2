// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension LineBuffer {
    /// Where in the source an event was logged, as UTF-8.
    struct Source {
        var module: ByteView
        var file: ByteView
        var function: ByteView
        var line: UInt
    }

    /// Writes an event, whose fields are arranged, to its outputs.
    @inline(__always)
    func write(
        _ message: ByteView,
        level: Logger.Level,
        error: (any Error)?,
        source: Source,
        entry: LoggerEntry,
        route: LogRoute
    ) {
        if let error {
            exception.removeAll()
            EncodedException(error).append(to: exception, policy: route.policy)
        }
        guard let group = route.groups.first else { return }
        var record = LogRecord(
            time: route.now(),
            level: level,
            error: error,
            message: message,
            source: source,
            entry: entry,
            buffer: self,
            group: group
        )
        route.write(&record, rank: LevelRank.of(level), line: line)
    }
}
