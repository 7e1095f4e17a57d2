// SPDX-License-Identifier: Apache-2.0

/// `add_fields`: gives events fields, under `target` (default `fields`; empty for the top level).
///
/// What an event has of the same name gives way; objects are merged. `@metadata` is an object like any other that
/// conditions and format strings can see, but that no document has.
package final class AddFieldsProcessor: Processor {
    private let fields: SharedFields

    package init?(_ section: ConfigurationSection) {
        let target = section.string("target", default: "fields")
        guard let node = section.node("fields"), node.entries != nil else {
            if let node = section.node("fields"), !node.isNull {
                section.reportWrongType(node, expected: "a mapping of fields")
            } else {
                section.reportMissing("fields", expected: "the fields to add, as a mapping")
            }
            return nil
        }
        let problems = section.problems.count
        guard let values = FieldTree(node, problems: section.problems) else { return nil }
        var tree = FieldTree.empty
        let path = target.isEmpty ? [] : FieldPath(target).components
        if !tree.insert(values, at: path[...]) { return nil }
        if case .object(let members) = tree, members.contains(where: { $0.key == "@timestamp" }) {
            section.report(
                node,
                "add_fields cannot set '@timestamp'",
                suggestion: "the processor 'timestamp' reads the time from a field"
            )
        }
        guard section.problems.count == problems else { return nil }
        fields = SharedFields(tree)
    }

    package func process(_ batch: EventBatch, selected: EventMask) {
        fields.add(to: batch, selected: selected)
    }
}
