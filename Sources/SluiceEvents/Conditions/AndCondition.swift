// SPDX-License-Identifier: Apache-2.0

/// Holds where all of its conditions hold.
package final class AndCondition: Condition {
    private let conditions: [any Condition]

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let conditions = ConditionTable.conditions(node, problems: problems) else { return nil }
        self.conditions = conditions
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        for condition in conditions where !selected.isEmpty { condition.filter(&selected, of: batch) }
    }
}
