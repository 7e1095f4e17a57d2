// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// The top-level fields that an input gives each of its events: `tags`, `fields` and `fields_under_root`.
enum InputFields {
    /// Reads them, each with its JSON.
    ///
    /// - Parameter limit: how many there may be. A source has eight, some of which are the input's own.
    static func read(_ section: ConfigurationSection, limit: Int = 6) -> [(key: String, json: String)] {
        var fields: [(key: String, json: String)] = []
        let isRoot = section.boolean("fields_under_root", default: false)
        let tags = section.strings("tags")
        if !tags.isEmpty { fields.append(("tags", "[" + tags.map(JSONText.string).joined(separator: ",") + "]")) }
        guard let node = section.node("fields"), !node.isNull else { return fields }
        guard let entries = node.entries else {
            section.reportWrongType(node, expected: "names with their values")
            return fields
        }
        if !isRoot { return fields + [("fields", JSONText.json(node))] }
        for entry in entries { fields.append((entry.key, JSONText.json(entry.value))) }
        if fields.count > limit {
            section.report(
                node,
                "at most \(limit == 4 ? "four" : "six") fields can stand at the root of an input's events; use add_fields"
            )
        }
        return Array(fields.prefix(limit))
    }
}
