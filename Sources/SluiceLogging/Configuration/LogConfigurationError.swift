// SPDX-License-Identifier: Apache-2.0

/// All that is wrong with a configuration, found in one go.
public struct LogConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One mistake.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Where it is, as in `handlers.app_file.maxBytes` or `loggers["mlops.prediction"].handlers[0]`; empty for the
        /// whole.
        public var path: String
        /// What is wrong there.
        public var message: String

        /// `handlers.app_file.maxBytes: expected a whole number, found the string 'ten'`
        public var description: String { path.isEmpty ? message : "\(path): \(message)" }
    }

    /// At least one, in the order in which they were found.
    public let problems: [Problem]

    init(problems: [Problem]) { self.problems = problems }

    /// One problem of the whole.
    init(_ message: String) { self.init(problems: [Problem(path: "", message: message)]) }

    /// The problems, a line each.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
