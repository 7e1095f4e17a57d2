// SPDX-License-Identifier: Apache-2.0

import Logging

/// What an engine says of itself, in the log.
enum EngineNotice {
    /// A configuration has problems, and the one before it stays in force.
    static func refused(_ error: LogConfigurationError, in engine: LogEngine) {
        say(.error, "the configuration stays as it was, because the new one has problems", in: engine) {
            $0["problems"] = error.problems.map(\.description)
        }
    }

    /// The configuration of a file is in force.
    static func reloaded(_ path: String, in engine: LogEngine) {
        say(.notice, "the configuration was loaded again", in: engine) { $0["path"] = path }
    }

    /// The root has another level.
    static func rootLevel(_ level: Logger.Level, in engine: LogEngine) {
        say(.notice, "the root's level was changed by a signal", in: engine) {
            $0["root_level"] = level.rawValue.uppercased()
        }
    }

    private static func say(
        _ level: Logger.Level,
        _ message: String,
        in engine: LogEngine,
        _ fields: (borrowing LogFields) -> Void
    ) {
        let entry = engine.entry(for: OwnLine.logger)
        OwnLine.write(
            level,
            message,
            to: entry,
            file: "SluiceLogging/LogEngine.swift",
            function: "configure(_:)",
            fields
        )
    }
}
