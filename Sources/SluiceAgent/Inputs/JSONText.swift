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

    /// The members of an object, each with its value's JSON; none if it is no object.
    static func members(_ json: String) -> [(key: String, json: String)] {
        let index = JSONIndex()
        return json.withByteView { (text: ByteView) -> [(key: String, json: String)] in
            guard (try? JSONScanner.scan(text, into: index)) != nil, index.kind == .object else { return [] }
            return (0..<index.children.count).map { number in
                let child = index.children[number]
                return (text[child.key].string, text[child.value].string)
            }
        }
    }

    /// What a string of JSON says; nil if it is none.
    static func text(_ json: String) -> String? {
        json.withByteView { (text: ByteView) -> String? in
            guard text.count >= 2, text[0] == UInt8(ascii: "\"") else { return nil }
            let arena = ByteArena(capacity: text.count)
            arena.appendUnescaped(text[1..<(text.count - 1)])
            return arena.string
        }
    }
}
