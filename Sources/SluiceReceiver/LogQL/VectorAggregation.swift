// SPDX-License-Identifier: Apache-2.0

/// `sum by (level) (…)`
package struct VectorAggregation {
    package enum Operation: String, CaseIterable {
        case sum, min, max, avg, count, topk, bottomk

        package var takesNumber: Bool { self == .topk || self == .bottomk }
    }

    package enum Grouping: Equatable {
        case by([String])
        case without([String])
    }

    package var operation: Operation
    /// Of `topk` and `bottomk`.
    package var number: Int
    /// Nil: all in one group.
    package var grouping: Grouping?
    package var operand: LogQLExpression
}
