// SPDX-License-Identifier: Apache-2.0

/// Reads `fields:` where it is a sequence of names.
enum FieldNames {
    /// The names, or nil, and reported, if there are none or one of them cannot be used.
    static func read(_ section: ConfigurationSection) -> [FieldPath]? {
        let problems = section.problems.count
        let names = section.strings("fields")
        guard section.problems.count == problems else { return nil }
        guard !names.isEmpty, let node = section.node("fields") else {
            section.reportMissing("fields", expected: "the names of fields, as a sequence")
            return nil
        }
        for name in names where name.count > 1 && name.hasPrefix("/") && name.hasSuffix("/") {
            section.report(
                node,
                "the pattern \(ConfigurationNode.quoted(name)) in \(node.path) is not supported",
                suggestion: "name the fields one by one"
            )
        }
        for name in names where name.isEmpty { section.report(node, "a name in \(node.path) is empty") }
        return section.problems.count == problems ? names.map { FieldPath($0) } : nil
    }
}
