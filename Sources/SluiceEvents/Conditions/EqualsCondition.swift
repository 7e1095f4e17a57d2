// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Holds where every field has exactly the given value: a string, a whole number or a boolean.
///
/// As strict about types as Filebeat: the number 200 equals neither "200" nor 200.0. A missing field equals nothing.
package final class EqualsCondition: Condition {
    private enum Expected {
        case string([UInt8])
        /// The only way to write the number, but for -0.
        case integer([UInt8])
        case boolean(Bool)
    }

    private let clauses: [(lookup: FieldLookup, expected: Expected)]
    private let scratch = ByteArena(capacity: 256)

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let entries = ConditionFields.read(node, problems: problems) else { return nil }
        var clauses: [(lookup: FieldLookup, expected: Expected)] = []
        for entry in entries {
            let lookup = FieldLookup(FieldPath(entry.name))
            switch entry.node.scalarValue {
            case .string(let text): clauses.append((lookup, .string(Array(text.utf8))))
            case .integer(let value): clauses.append((lookup, .integer(Array(String(value).utf8))))
            case .boolean(let value): clauses.append((lookup, .boolean(value)))
            case .double, .null, nil:
                problems.report(
                    entry.node,
                    "expected a string, a whole number or a boolean for \(entry.node.path), found "
                        + entry.node.inWords,
                    suggestion: "for other numbers there is 'range', for the presence of a field 'has_fields'"
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
            switch clause.expected {
            case .string(let bytes):
                bytes.withByteView { expected in
                    selected.filter { event in
                        guard let value = lookup.value(in: batch, of: event) else { return false }
                        return value.equals(text: expected, scratch: scratch)
                    }
                }
            case .integer(let bytes):
                bytes.withByteView { expected in
                    let isZero = expected == ByteView("0")
                    selected.filter { event in
                        guard let value = lookup.value(in: batch, of: event), value.kind == .integer else {
                            return false
                        }
                        return value.bytes == expected || (isZero && value.bytes == ByteView("-0"))
                    }
                }
            case .boolean(let expected):
                let kind: FieldKind = expected ? .true : .false
                selected.filter { lookup.value(in: batch, of: $0)?.kind == kind }
            }
        }
    }
}
