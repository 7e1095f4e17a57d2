// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Fields that a configuration names, as one nested value: what stands under `fields:`, dotted names taken apart.
package enum FieldTree: Equatable {
    case value(kind: FieldKind, json: [UInt8])
    case object([Member])

    package struct Member: Equatable {
        package var key: String
        package var tree: FieldTree
    }

    package static let empty = FieldTree.object([])

    package static func string(_ text: String) -> FieldTree {
        let arena = ByteArena(capacity: 64)
        arena.appendJSONString(text)
        let isEscaped = arena.view.firstIndex(of: 0x5c) != nil
        return .value(kind: isEscaped ? .escapedString : .string, json: arena.view.array)
    }

    package static func strings(_ texts: [String]) -> FieldTree {
        let arena = ByteArena(capacity: 256)
        arena.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { arena.append(UInt8(ascii: ",")) }
            arena.appendJSONString(text)
        }
        arena.append(UInt8(ascii: "]"))
        return .value(kind: .array, json: arena.view.array)
    }

    /// The tree of a configuration's value; nil for null, which Filebeat leaves out.
    package init?(_ node: ConfigurationNode, problems: ConfigurationProblems) {
        let arena = ByteArena(capacity: 64)
        switch node.content {
        case .null: return nil
        case .scalar:
            switch node.scalarValue {
            case .string(let text): self = .string(text)
            case .boolean(let value): self = .value(kind: value ? .true : .false, json: Array("\(value)".utf8))
            case .integer(let value): self = .value(kind: .integer, json: Array("\(value)".utf8))
            case .double(let value):
                guard value.isFinite else {
                    problems.report(node, "\(node.path) is \(node.inWords), which JSON cannot say")
                    return nil
                }
                arena.append(json: value)
                self = .value(kind: .double, json: arena.view.array)
            case .null, nil: return nil
            }
        case .sequence(let elements):
            arena.append(UInt8(ascii: "["))
            for element in elements {
                guard let tree = FieldTree(element, problems: problems) else { continue }
                if arena.count > 1 { arena.append(UInt8(ascii: ",")) }
                tree.append(to: arena)
            }
            arena.append(UInt8(ascii: "]"))
            self = .value(kind: .array, json: arena.view.array)
        case .mapping(let entries):
            self = .empty
            for entry in entries {
                guard let tree = FieldTree(entry.value, problems: problems) else { continue }
                if !insert(tree, at: FieldPath(entry.key).components[...]) {
                    problems.report(
                        at: entry.keyPosition,
                        path: node.path,
                        "\(ConfigurationNode.quoted(entry.key)) in \(node.path) contradicts a field before it",
                        suggestion: "a field has either a value or fields inside it"
                    )
                }
            }
        }
    }

    /// Puts a tree at a place inside this one; objects at the same place are put together.
    ///
    /// - Returns: false if there is something else at the place or on the way to it.
    package mutating func insert(_ tree: FieldTree, at path: ArraySlice<String>) -> Bool {
        guard case .object(var members) = self else { return false }
        guard let key = path.first else {
            guard case .object(let others) = tree else { return false }
            for other in others where !insert(other.tree, at: [other.key]) { return false }
            return true
        }
        let rest = path.dropFirst()
        if let index = members.firstIndex(where: { $0.key == key }) {
            guard members[index].tree.insert(tree, at: rest) else { return false }
        } else if rest.isEmpty {
            members.append(Member(key: key, tree: tree))
        } else {
            var inner = FieldTree.empty
            guard inner.insert(tree, at: rest) else { return false }
            members.append(Member(key: key, tree: inner))
        }
        self = .object(members)
        return true
    }

    package var kind: FieldKind {
        switch self {
        case .value(let kind, _): kind
        case .object: .object
        }
    }

    /// Writes it as JSON.
    package func append(to output: ByteArena) {
        switch self {
        case .value(_, let json): output.append(json)
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.appendJSONString(member.key)
                output.append(UInt8(ascii: ":"))
                member.tree.append(to: output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}
