// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a configuration.
package struct ConfigurationProblem: Error, Hashable, CustomStringConvertible {
    package let position: ConfigurationPosition
    /// The path of the node that is wrong, or of the mapping with the wrong key.
    package let path: String
    /// What is wrong; neither a full stop at the end nor the position in it.
    package let message: String
    /// What to do about it, such as `did you mean 'add_fields'?`.
    package let suggestion: String?

    package init(position: ConfigurationPosition, path: String, message: String, suggestion: String? = nil) {
        self.position = position
        self.path = path
        self.message = message
        self.suggestion = suggestion
    }

    /// One line: `file:line:column: what is wrong: what to do`.
    package var description: String {
        "\(position): \(message)" + (suggestion.map { ": \($0)" } ?? "")
    }
}
