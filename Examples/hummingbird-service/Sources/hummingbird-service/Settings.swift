// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// What the environment says of how the service runs.
struct Settings {
    struct InvalidPort: Error, CustomStringConvertible {
        let text: String

        var description: String { "PORT is '\(text)': give a number from 0 (a free port) to 65535" }
    }

    /// `LOGGING_CONFIGURATION`: the file that says where logs go.
    let loggingConfiguration: String
    /// `HOST`: the address to listen at.
    let host: String
    /// `PORT`: 0 for one that is free.
    let port: Int

    init(environment: Environment) throws {
        loggingConfiguration = environment.get("LOGGING_CONFIGURATION") ?? "logging.json"
        host = environment.get("HOST") ?? "127.0.0.1"
        let text = environment.get("PORT") ?? "8080"
        guard let number = UInt16(text) else { throw InvalidPort(text: text) }
        port = Int(number)
    }
}
