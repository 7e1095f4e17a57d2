// SPDX-License-Identifier: Apache-2.0

/// A configuration as a plain tree that knows where each of its values was written.
///
/// Processors, parsers, inputs and outputs read their options from such nodes (through `ConfigurationSection`) and so
/// need to know nothing of YAML.
package struct ConfigurationNode: Sendable, Equatable {
    /// What a node holds.
    package enum Content: Sendable, Equatable {
        case null
        /// `isPlain` says that the text stood unquoted, so that it may be a number or a boolean.
        case scalar(text: String, isPlain: Bool)
        case sequence([ConfigurationNode])
        /// The entries in the order of the file, no key twice.
        case mapping([ConfigurationEntry])
    }

    package let content: Content
    package let position: ConfigurationPosition
    /// The way to this node from the root, such as `processors[0].add_fields.target`; empty at the root.
    package let path: String
    /// Whether the text came from an environment variable. It may be a secret then, and no problem shows it.
    package let isFromEnvironment: Bool

    package init(
        _ content: Content,
        position: ConfigurationPosition = .literal,
        path: String = "",
        isFromEnvironment: Bool = false
    ) {
        self.content = content
        self.position = position
        self.path = path
        self.isFromEnvironment = isFromEnvironment
    }

    /// The value of a key of this mapping, the key taken literally; nil if there is none or this is no mapping.
    package subscript(key: String) -> ConfigurationNode? {
        entries?.first { $0.key == key }?.value
    }

    package var isNull: Bool { content == .null }

    /// The entries of a mapping; nil for anything else.
    package var entries: [ConfigurationEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The elements of a sequence; nil for anything else.
    package var elements: [ConfigurationNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The text of a scalar as written, whatever type it looks like; nil for anything else.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The path of what stands under `key` in a node at `path`.
    package static func path(_ path: String, key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// The path of the element at `index` in a node at `path`.
    package static func path(_ path: String, index: Int) -> String {
        "\(path)[\(index)]"
    }

    /// What stands here, in words for a problem: `the string 'abc'`, `a mapping`. What came from the environment is
    /// not shown.
    package var inWords: String {
        switch content {
        case .null: return "nothing"
        case .sequence: return "a sequence"
        case .mapping: return "a mapping"
        case .scalar(let text, let isPlain):
            if text.isEmpty { return "an empty string" + (isFromEnvironment ? " from the environment" : "") }
            let kind =
                switch isPlain ? ConfigurationScalar(plain: text) : .string(text) {
                case .string: "string"
                case .integer, .double: "number"
                case .boolean: "boolean"
                case .null: "null"
                }
            if isFromEnvironment { return "a \(kind) from the environment" }
            return kind == "string" ? "the string \(Self.quoted(text))" : Self.quoted(text)
        }
    }

    /// Text in single quotes, on one line and not long.
    package static func quoted(_ text: String) -> String {
        var shown = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == 60 {
                shown += "…"
                break
            }
            switch scalar {
            case "\n": shown += "\\n"
            case "\t": shown += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
            count += 1
        }
        return "'\(shown)'"
    }
}
