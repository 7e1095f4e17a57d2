// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Whose words a configuration is written in.
package enum ConfigurationDialect: Sendable {
    /// Sluice's own: `inputs`, `processors`, `outputs`.
    case native
    /// A `filebeat.yml`: `filebeat.inputs`, `output.elasticsearch`.
    case filebeat

    /// The dialect by the keys at the top level. A file with `inputs` or `outputs` is native whatever else is in it.
    package static func detect(_ node: ConfigurationNode) -> ConfigurationDialect {
        let keys = (node.entries ?? []).map { firstStep($0.key) }
        if keys.contains("inputs") || keys.contains("outputs") { return .native }
        return keys.contains(where: filebeatKeys.contains) ? .filebeat : .native
    }

    /// Says that files in Filebeat's dialect are not taken in this version.
    static func reportUnsupportedFilebeat(_ node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let entry = node.entries?.first(where: { filebeatKeys.contains(firstStep($0.key)) }) else { return }
        problems.report(
            at: entry.keyPosition,
            "this is a Filebeat configuration (\(ConfigurationNode.quoted(entry.key))), which this version of Sluice"
                + " does not take yet",
            suggestion: "write a pipeline with 'inputs' and 'outputs'; its processors and conditions are Filebeat's"
        )
    }

    private static let filebeatKeys: Set<String> = ["filebeat", "output", "setup", "cloud"]

    private static func firstStep(_ key: String) -> String {
        String(key.prefix { $0 != "." })
    }
}
