// SPDX-License-Identifier: Apache-2.0

/// A query.
package indirect enum LogQLExpression {
    case logs(LogSelector)
    case range(RangeAggregation)
    case aggregation(VectorAggregation)
    case binary(BinaryOperation, LogQLExpression, LogQLExpression)
    case number(Double)
    /// `vector(1)`
    case vector(Double)

    /// Whether it asks for log lines.
    package var isLogs: Bool {
        if case .logs = self { return true }
        return false
    }
}
