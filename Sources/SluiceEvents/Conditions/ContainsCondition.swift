// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Holds where every field has the given text in it: a string, or some string of an array.
package final class ContainsCondition: Condition {
    private let clauses: [(lookup: FieldLookup, needle: [UInt8])]
    private let scratch = ByteArena(capacity: 256)
    private let index = JSONIndex()

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let entries = ConditionFields.read(node, problems: problems) else { return nil }
        var clauses: [(lookup: FieldLookup, needle: [UInt8])] = []
        for entry in entries {
            if case .string(let text) = entry.node.scalarValue {
                clauses.append((FieldLookup(FieldPath(entry.name)), Array(text.utf8)))
            } else {
                problems.report(
                    entry.node,
                    "expected a string for \(entry.node.path), found \(entry.node.inWords)",
                    suggestion: entry.node.text == nil ? nil : "put it in quotes"
                )
            }
        }
        guard clauses.count == entries.count else { return nil }
        self.clauses = clauses
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        for clause in clauses {
            var lookup = clause.lookup
            lookup.begin(batch)
            clause.needle.withByteView { needle in
                selected.filter { event in
                    guard let value = lookup.value(in: batch, of: event) else { return false }
                    if value.kind == .array { return anyElement(of: value, contains: needle) }
                    return value.contains(text: needle, scratch: scratch)
                }
            }
        }
    }

    private func anyElement(of array: FieldValue, contains needle: ByteView) -> Bool {
        guard (try? JSONScanner.scan(array.bytes, into: index)) != nil else { return false }
        for number in 0..<index.children.count {
            let child = index.children[number]
            let element = FieldValue(kind: FieldKind(child.kind), bytes: array.bytes[child.value])
            if element.contains(text: needle, scratch: scratch) { return true }
        }
        return false
    }
}
