// SPDX-License-Identifier: Apache-2.0

/// Reads `formatters`: the layouts by their names.
enum FormatterSection {
    private static let known = ["layout", "keys", "color", "time", "format", "datefmt", "style"]

    static func layout(_ node: ConfigurationNode) -> (any LogLayout)? {
        guard let members = node.members(known) else { return nil }
        if members["format"] != nil { return pattern(node, members) }
        for key in ["datefmt", "style"] {
            members[key]?.add("this goes with a 'format', which is missing")
        }
        var layout: (any LogLayout)? = JSONLayout()
        if let named = members["layout"] { layout = named.choice(BuiltInLayouts.byName.map { ($0.name, $0.layout) }) }
        if let keys = members["keys"] {
            if layout is JSONLayout {
                layout = self.keys(keys).map { JSONLayout(keys: $0) }
            } else if layout != nil {
                keys.add("only the layout 'json' has keys of one's own")
            }
        }
        return layout is TextLayout ? text(members) : other(layout, members)
    }

    private static func text(_ members: [String: ConfigurationNode]) -> (any LogLayout)? {
        let color = members["color"].map { $0.choice(choices()) } ?? TextLayout.Color.automatic
        let timeZone = members["time"].map { $0.choice(choices()) } ?? LayoutTimeZone.utc
        guard let color, let timeZone else { return nil }
        return TextLayout(color: color, timeZone: timeZone)
    }

    private static func other(
        _ layout: (any LogLayout)?,
        _ members: [String: ConfigurationNode]
    ) -> (any LogLayout)? {
        guard layout != nil else { return nil }
        members["color"]?.add("only the layout 'text' has colours")
        members["time"]?.add("only the layout 'text' and a 'format' can have local time")
        return layout
    }

    /// Python's own formatter: `format` with `%(message)s` and the like, and `datefmt`.
    private static func pattern(
        _ node: ConfigurationNode,
        _ members: [String: ConfigurationNode]
    ) -> (any LogLayout)? {
        for key in ["keys", "color"] { members[key]?.add("this does not go with a 'format'") }
        if let layout = members["layout"], layout.value != .string("text") {
            layout.add("a 'format' makes lines of text; leave one of the two out")
        }
        if let style = members["style"], style.value != .string("%") {
            style.add("expected '%', found \(style.value.account)")
        }
        let timeZone = members["time"].map { $0.choice(choices()) } ?? LayoutTimeZone.local
        let dateFormat = members["datefmt"].map { $0.value == .null ? .some(nil) : $0.string.map { $0 } } ?? .some(nil)
        guard let named = members["format"], let format = named.string, let dateFormat, let timeZone else { return nil }
        do throws(PatternError) {
            return try PatternLayout(format, dateFormat: dateFormat, timeZone: timeZone)
        } catch {
            named.add(error.description)
            return nil
        }
    }

    private static func choices<Value: RawRepresentable & CaseIterable>() -> [(name: String, value: Value)]
    where Value.RawValue == String {
        Value.allCases.map { ($0.rawValue, $0) }
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
