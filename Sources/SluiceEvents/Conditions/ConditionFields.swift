// SPDX-License-Identifier: Apache-2.0

/// Reads what stands under `equals:`, `contains:` and `range:`: names of fields, dotted or nested or both, and a value
/// for each.
enum ConditionFields {
    /// One name with all its parts, and the value's node.
    struct Entry {
        var name: String
        var node: ConfigurationNode
    }

    /// The names and values, or nil, and reported, if there are none or something is wrong.
    static func read(_ node: ConfigurationNode, problems: ConfigurationProblems) -> [Entry]? {
        guard let entries = node.entries, !entries.isEmpty else {
            problems.report(
                node,
                "expected fields and their values for \(node.path), found \(node.inWords)",
                suggestion: "write 'field: value' under it"
            )
            return nil
        }
        var found: [Entry] = []
        flatten(entries, below: "", into: &found)
        return found
    }

    private static func flatten(_ entries: [ConfigurationEntry], below prefix: String, into found: inout [Entry]) {
        for entry in entries {
            if let nested = entry.value.entries {
                flatten(nested, below: prefix + entry.key + ".", into: &found)
            } else {
                found.append(Entry(name: prefix + entry.key, node: entry.value))
            }
        }
    }
}
