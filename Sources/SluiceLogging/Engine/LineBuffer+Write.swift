// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension LineBuffer {
    /// Where in the source an event was logged, as UTF-8.
    struct Source {
        var file: ByteView
        var function: ByteView
        var line: UInt
        /// `,"module":…,"function":…,"line":…`, if that is known already.
        var site = ByteView.empty
        /// The module, if it is said and is not the beginning of the file.
        var ownModule = ByteView.empty
        var hasOwnModule = false
    }

    /// Writes an event, whose fields are arranged, to its outputs.
    @inline(never)
    func write(
        _ message: ByteView,
        level: Logger.Level,
        error: (any Error)?,
        source: Source,
        _ entry: LoggerEntry,
        _ route: LogRoute
    ) {
        if let error {
            exception.removeAll()
            EncodedException(error).append(to: exception, policy: route.policy)
        }
        let record = LogRecord(
            time: route.now(),
            level: level,
            error: error,
            message: message,
            source: source,
            entry: entry,
            buffer: self,
            route: route
        )
        route.write(record, rank: LevelRank.of(level), buffer: self)
    }
}
