// SPDX-License-Identifier: Apache-2.0

// Nodes from Swift literals, for tests and for small configurations that code writes itself. Their position is
// `<literal>:0:0`, and their paths are as if the outermost literal were the root.

extension ConfigurationNode: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, ConfigurationNode)...) {
        self.init(
            .mapping(
                elements.map { key, value in
                    ConfigurationEntry(key: key, keyPosition: .literal, value: value.moved(to: key))
                }
            )
        )
    }
}

extension ConfigurationNode: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: ConfigurationNode...) {
        self.init(
            .sequence(
                elements.enumerated().map { index, element in element.moved(to: Self.path("", index: index)) }
            )
        )
    }
}

extension ConfigurationNode: ExpressibleByStringInterpolation {
    /// A quoted string: `"5"` is text, not a number.
    package init(stringLiteral value: String) {
        self.init(.scalar(text: value, isPlain: false))
    }
}

extension ConfigurationNode: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) {
        self.init(.scalar(text: String(value), isPlain: true))
    }
}

extension ConfigurationNode: ExpressibleByFloatLiteral {
    package init(floatLiteral value: Double) {
        self.init(.scalar(text: String(value), isPlain: true))
    }
}

extension ConfigurationNode: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) {
        self.init(.scalar(text: value ? "true" : "false", isPlain: true))
    }
}

extension ConfigurationNode {
    /// A key without a value. There is no nil literal for it: `flag ? nil : node` would quietly become this node.
    package static let null = ConfigurationNode(.null)

    /// Unquoted text, as `key: text` has it in YAML.
    package static func plain(_ text: String) -> ConfigurationNode {
        ConfigurationNode(.scalar(text: text, isPlain: true))
    }

    /// This tree under another place: every path in it gets `prefix` in front.
    func moved(to prefix: String) -> ConfigurationNode {
        let content: Content =
            switch self.content {
            case .null, .scalar: self.content
            case .sequence(let elements): .sequence(elements.map { $0.moved(to: prefix) })
            case .mapping(let entries):
                .mapping(
                    entries.map {
                        ConfigurationEntry(
                            key: $0.key,
                            keyPosition: $0.keyPosition,
                            value: $0.value.moved(to: prefix)
                        )
                    }
                )
            }
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return ConfigurationNode(
            content,
            position: position,
            path: prefix + separator + path,
            isFromEnvironment: isFromEnvironment
        )
    }
}
