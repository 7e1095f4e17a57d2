// SPDX-License-Identifier: Apache-2.0

/// Reads `formatters`: the layouts by their names.
enum FormatterSection {
    static func layout(_ node: ConfigurationNode) -> (any LogLayout)? {
        guard let members = node.members(["layout", "keys", "color"]) else { return nil }
        var layout: (any LogLayout)? = JSONLayout()
        if let named = members["layout"] { layout = named.choice(BuiltInLayouts.byName.map { ($0.name, $0.layout) }) }
        if let keys = members["keys"] {
            if layout is JSONLayout {
                layout = self.keys(keys).map { JSONLayout(keys: $0) }
            } else if layout != nil {
                keys.add("only the layout 'json' has keys of one's own")
            }
        }
        if let color = members["color"] {
            if layout is TextLayout {
                let names = ["automatic", "always", "never"].compactMap { name in
                    TextLayout.Color(rawValue: name).map { (name, $0) }
                }
                layout = color.choice(names).map { TextLayout(color: $0) }
            } else if layout != nil {
                color.add("only the layout 'text' has colours")
            }
        }
        return layout
    }

    /// The names that the layout's own keys have instead; null leaves one out.
    private static func keys(_ node: ConfigurationNode) -> JSONLayout.Keys? {
        let paths: [(name: String, path: WritableKeyPath<JSONLayout.Keys, String?>)] = [
            ("timestamp", \.timestamp), ("level", \.level), ("logger", \.logger), ("message", \.message),
            ("module", \.module), ("function", \.function), ("line", \.line), ("exception", \.exception),
        ]
        guard let members = node.members(paths.map(\.name)) else { return nil }
        var keys = JSONLayout.Keys()
        var seen: Set<String> = []
        for (name, path) in paths {
            if let member = members[name] {
                if member.value == .null {
                    keys[keyPath: path] = nil
                } else if let text = member.string {
                    keys[keyPath: path] = text
                }
            }
            guard let key = keys[keyPath: path] else { continue }
            if !seen.insert(key).inserted { node.add("two keys of the layout would be called '\(key)'") }
        }
        return keys
    }
}
