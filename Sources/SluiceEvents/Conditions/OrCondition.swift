// SPDX-License-Identifier: Apache-2.0

/// Holds where at least one of its conditions holds.
package final class OrCondition: Condition {
    private let conditions: [any Condition]

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let conditions = ConditionTable.conditions(node, problems: problems) else { return nil }
        self.conditions = conditions
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        var undecided = selected
        for condition in conditions where !undecided.isEmpty {
            var found = undecided
            condition.filter(&found, of: batch)
            undecided.subtract(found)
        }
        selected.subtract(undecided)
    }
}
