// SPDX-License-Identifier: Apache-2.0

/// Holds where its condition does not.
package final class NotCondition: Condition {
    private let condition: any Condition

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let condition = ConditionTable.condition(node, problems: problems) else { return nil }
        self.condition = condition
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        var found = selected
        condition.filter(&found, of: batch)
        selected.subtract(found)
    }
}
