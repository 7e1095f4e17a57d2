// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// The mapping that Elasticsearch would have made of an index's latest documents. Grafana and Kibana look there for
/// the names of fields.
struct MappingGuess {
    private static let sample = 200

    let database: SQLiteDatabase

    func mappings(of targets: [SearchTarget]) throws -> JSONValue {
        var members: [JSONValue.Member] = []
        for target in targets {
            members.append(
                JSONValue.Member(
                    key: target.concreteName,
                    value: .object(["mappings": try mapping(of: target)])
                )
            )
        }
        return .object(members)
    }

    private final class Node {
        var type: String?
        var children: [String: Node] = [:]
    }

    private func mapping(of target: SearchTarget) throws -> JSONValue {
        let select = try database.prepare(
            "SELECT source FROM documents WHERE container = ? ORDER BY time DESC LIMIT \(Self.sample)"
        )
        defer { select.reset() }
        try select.bind(integer: target.id, at: 1)
        let root = Node()
        while try select.step() {
            if let document = try? JSONValue.parse(select.bytes(at: 0)) { add(document, to: root) }
        }
        return properties(root)
    }

    private func add(_ value: JSONValue, to node: Node) {
        switch value {
        case .object(let members):
            for member in members {
                var inner = node
                // A dotted key is a path.
                for part in member.key.split(separator: ".") {
                    let next = inner.children[String(part)] ?? Node()
                    inner.children[String(part)] = next
                    inner = next
                }
                add(member.value, to: inner)
            }
        case .array(let elements): for element in elements { add(element, to: node) }
        case .null: break
        case .boolean: node.type = node.type ?? "boolean"
        case .number(let text): node.type = Int64(text) == nil ? "float" : node.type ?? "long"
        case .string(let text):
            let isDate = text.withByteView { Timestamp.parse($0) != nil }
            node.type = isDate && (node.type ?? "date") == "date" ? "date" : "text"
        }
    }

    private func properties(_ node: Node) -> JSONValue {
        .object([
            "properties": .object(
                node.children.sorted { $0.key < $1.key }.map { name, child in
                    guard child.children.isEmpty else { return JSONValue.Member(key: name, value: properties(child)) }
                    let type = child.type ?? "text"
                    return JSONValue.Member(
                        key: name,
                        value: .object([
                            "type": .string(type),
                            "fields": type == "text"
                                ? .object([
                                    "keyword": .object(["type": .string("keyword"), "ignore_above": .integer(256)])
                                ]) : nil,
                        ])
                    )
                }
            )
        ])
    }
}
