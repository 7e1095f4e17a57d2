// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import SluiceLogging

/// The log of the process itself: JSON lines on standard error.
enum AgentLog {
    enum Level: String, CaseIterable, ExpressibleByArgument, Sendable {
        case trace, debug, info, notice, warning, error, critical

        var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
    }

    /// Turns it on; once for the process.
    static func start(_ level: Level) {
        LoggingSystem.bootstrap { label in
            JSONLogHandler(label: label, destination: ConsoleDestination.standardError, level: level.level)
        }
    }
}
