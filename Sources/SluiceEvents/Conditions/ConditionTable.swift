// SPDX-License-Identifier: Apache-2.0

/// Every condition by its name in a configuration. A new one is a file of its own and a line here.
package enum ConditionTable {
    /// Makes a condition from what stands under its name, or reports why not. Called once for each worker.
    package typealias Maker = @Sendable (ConfigurationNode, ConfigurationProblems) -> (any Condition)?

    package static let makers: [String: Maker] = [
        "and": { AndCondition(node: $0, problems: $1) },
        "contains": { ContainsCondition(node: $0, problems: $1) },
        "equals": { EqualsCondition(node: $0, problems: $1) },
        "has_fields": { HasFieldsCondition(node: $0, problems: $1) },
        "not": { NotCondition(node: $0, problems: $1) },
        "or": { OrCondition(node: $0, problems: $1) },
        "range": { RangeCondition(node: $0, problems: $1) },
    ]

    /// Reads a mapping with one condition in it, such as `{equals: {level: debug}}` or `{not.contains.tags: x}`.
    package static func condition(_ node: ConfigurationNode, problems: ConfigurationProblems) -> (any Condition)? {
        let section = ConfigurationSection(node, problems: problems)
        guard let entries = node.entries, !entries.isEmpty else {
            if node.isNull || node.entries != nil {
                problems.report(
                    node,
                    "expected a condition" + (node.path.isEmpty ? "" : " for \(node.path)") + ", found nothing",
                    suggestion: "give one of " + makers.keys.sorted().joined(separator: ", ")
                )
            }
            return nil
        }
        var names: [String] = []
        for entry in entries {
            let name = String(entry.key.prefix { $0 != "." })
            if names.contains(name) { continue }
            guard makers[name] != nil else {
                problems.report(
                    at: entry.keyPosition,
                    path: node.path,
                    "unknown condition \(ConfigurationNode.quoted(name))"
                        + (node.path.isEmpty ? "" : " in \(node.path)"),
                    suggestion: ConfigurationProblems.suggestion(for: name, known: makers.keys)
                )
                return nil
            }
            names.append(name)
        }
        // Filebeat takes the first kind in an order of its own and ignores the others.
        guard let name = names.first, names.count == 1 else {
            problems.report(
                node,
                "\(names.map { ConfigurationNode.quoted($0) }.joined(separator: " and ")) stand side by side",
                suggestion: "say how they belong together with 'and' or 'or', each with a sequence of conditions"
            )
            return nil
        }
        guard let maker = makers[name], let value = section.node(name) else { return nil }
        return maker(value, problems)
    }

    /// Reads the sequence of conditions that `and` and `or` have.
    static func conditions(_ node: ConfigurationNode, problems: ConfigurationProblems) -> [any Condition]? {
        guard let elements = node.elements, !elements.isEmpty else {
            problems.report(
                node,
                "expected a sequence of conditions for \(node.path), found \(node.inWords)",
                suggestion: "write each condition as an element, with a dash in front"
            )
            return nil
        }
        let conditions = elements.compactMap { condition($0, problems: problems) }
        return conditions.count == elements.count ? conditions : nil
    }
}
