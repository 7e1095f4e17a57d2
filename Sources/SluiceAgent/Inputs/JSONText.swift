// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Configuration values as JSON text.
enum JSONText {
    static func string(_ text: String) -> String {
        let arena = ByteArena(capacity: text.utf8.count + 16)
        arena.appendJSONString(text)
        return arena.string
    }

    static func json(_ node: ConfigurationNode) -> String {
        switch node.content {
        case .null: return "null"
        case .sequence(let elements): return "[" + elements.map(json).joined(separator: ",") + "]"
        case .mapping(let entries):
            return "{" + entries.map { string($0.key) + ":" + json($0.value) }.joined(separator: ",") + "}"
        case .scalar:
            switch node.scalarValue {
            case .string(let text)?: return string(text)
            case .integer(let value)?: return String(value)
            case .double(let value)? where value.isFinite: return value.description
            case .double?: return "null"
            case .boolean(let value)?: return value ? "true" : "false"
            case .null?, nil: return "null"
            }
        }
    }
}
