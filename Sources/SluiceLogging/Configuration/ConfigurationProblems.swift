// SPDX-License-Identifier: Apache-2.0

/// Collects what is wrong, so that all of it can be said at once.
final class ConfigurationProblems {
    private(set) var all: [LogConfigurationError.Problem] = []

    func add(_ path: ConfigurationPath, _ message: String) {
        all.append(LogConfigurationError.Problem(path: path.description, message: message))
    }

    func throwIfAny() throws(LogConfigurationError) {
        if !all.isEmpty { throw LogConfigurationError(problems: all) }
    }
}
