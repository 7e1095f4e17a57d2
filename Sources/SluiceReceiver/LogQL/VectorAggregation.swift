// SPDX-License-Identifier: Apache-2.0

/// `sum by (level) (…)`
struct VectorAggregation {
    enum Operation: String, CaseIterable {
        case sum, min, max, avg, count, topk, bottomk

        var takesNumber: Bool { self == .topk || self == .bottomk }
    }

    enum Grouping: Equatable {
        case by([String])
        case without([String])
    }

    var operation: Operation
    /// Of `topk` and `bottomk`.
    var number: Int
    /// Nil: all in one group.
    var grouping: Grouping?
    var operand: LogQLExpression
}
