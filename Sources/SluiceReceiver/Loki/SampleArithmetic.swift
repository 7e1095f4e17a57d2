// SPDX-License-Identifier: Apache-2.0

/// Operations on numbers and vectors. Vectors are matched by all their labels.
enum SampleArithmetic {
    static func apply(
        _ operation: BinaryOperation,
        _ left: MetricQuery.Value,
        _ right: MetricQuery.Value
    ) -> MetricQuery.Value {
        switch (left, right) {
        case (.scalar(let left), .scalar(let right)):
            // Between numbers a comparison says 1 or 0.
            .scalar(
                zip(left, right).map {
                    operation.apply($0, $1) == nil ? 0 : isComparison(operation) ? 1 : operation.apply($0, $1) ?? 0
                }
            )
        case (.vector(let series), .scalar(let numbers)):
            .vector(series.map { map($0, numbers) { operation.apply($0, $1) } })
        case (.scalar(let numbers), .vector(let series)):
            .vector(
                series.map {
                    map($0, numbers) { sample, number in
                        operation.apply(number, sample).map { isComparison(operation) ? sample : $0 }
                    }
                }
            )
        case (.vector(let left), .vector(let right)): .vector(combine(operation, left, right))
        }
    }

    private static func isComparison(_ operation: BinaryOperation) -> Bool { operation.precedence == 3 }

    private static func map(
        _ series: SampleSeries,
        _ numbers: [Double],
        _ operation: (Double, Double) -> Double?
    ) -> SampleSeries {
        SampleSeries(
            labels: series.labels,
            values: zip(series.values, numbers).map { value, number in value.flatMap { operation($0, number) } }
        )
    }

    private static func combine(
        _ operation: BinaryOperation,
        _ left: [SampleSeries],
        _ right: [SampleSeries]
    ) -> [SampleSeries] {
        let others = Dictionary(right.map { ($0.labels, $0.values) }) { first, _ in first }
        var result = left.compactMap { series -> SampleSeries? in
            guard let other = others[series.labels] else {
                return operation == .or || operation == .unless ? series : nil
            }
            let values = zip(series.values, other).map { left, right -> Double? in
                switch operation {
                case .or: return left ?? right
                case .and: return right == nil ? nil : left
                case .unless: return right == nil ? left : nil
                default:
                    guard let left, let right else { return nil }
                    return operation.apply(left, right)
                }
            }
            return SampleSeries(labels: series.labels, values: values)
        }
        if operation == .or {
            let mine = Set(left.map(\.labels))
            result += right.filter { !mine.contains($0.labels) }
        }
        return result
    }
}
