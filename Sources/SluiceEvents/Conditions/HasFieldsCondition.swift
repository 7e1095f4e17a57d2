// SPDX-License-Identifier: Apache-2.0

/// Holds where every one of the fields is there. A field that is null counts as missing, as it does in Filebeat, which
/// drops nulls before anything else looks.
package final class HasFieldsCondition: Condition {
    private let lookups: [FieldLookup]

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        let elements = node.elements ?? (node.text == nil ? [] : [node])
        let names = elements.compactMap(\.text)
        guard !names.isEmpty, names.count == elements.count else {
            problems.report(node, "expected a sequence of names of fields for \(node.path), found \(node.inWords)")
            return nil
        }
        lookups = names.map { FieldLookup(FieldPath($0)) }
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        for known in lookups {
            var lookup = known
            lookup.begin(batch)
            selected.filter { event in
                guard let value = lookup.value(in: batch, of: event) else { return false }
                return value.kind != .null
            }
        }
    }
}
