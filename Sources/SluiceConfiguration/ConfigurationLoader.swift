// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Reads configuration files: YAML into `ConfigurationNode`s, with environment variables filled in.
///
/// Whatever is wrong goes to `problems`. What stands in the way of reading on (no such file, not YAML) yields nil;
/// otherwise the tree comes back even if there are problems, so that those of its options are found in the same run.
package enum ConfigurationLoader {
    /// The largest file that is read, in bytes.
    package static let maximumFileSize = 16 << 20

    /// Loads the file at `path`.
    ///
    /// - Parameter environment: the variables that `${NAME}` may name, such as `ProcessEnvironment.variables`.
    package static func load(
        path: String,
        environment: [String: String],
        problems: ConfigurationProblems
    ) -> ConfigurationNode? {
        switch ConfigurationFile.read(path, maximumSize: maximumFileSize) {
        case .failure(let problem):
            problems.report(problem)
            return nil
        case .success(let bytes):
            return load(bytes: bytes, file: path, environment: environment, problems: problems)
        }
    }

    /// Loads configuration from text; `file` is the name that its positions get.
    package static func load(
        text: String,
        file: String,
        environment: [String: String],
        problems: ConfigurationProblems
    ) -> ConfigurationNode? {
        load(bytes: Array(text.utf8), file: file, environment: environment, problems: problems)
    }

    private static func load(
        bytes: [UInt8],
        file: String,
        environment: [String: String],
        problems: ConfigurationProblems
    ) -> ConfigurationNode? {
        switch ConfigurationText.decode(bytes, file: file) {
        case .failure(let problem):
            problems.report(problem)
            return nil
        case .success(let text):
            guard let node = YAMLDocument.read(text, file: file, environment: environment, problems: problems) else {
                return nil
            }
            if ConfigurationDialect.detect(node) == .filebeat {
                ConfigurationDialect.reportUnsupportedFilebeat(node, problems: problems)
                return nil
            }
            return node
        }
    }
}
