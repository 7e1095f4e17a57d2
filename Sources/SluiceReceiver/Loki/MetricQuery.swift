// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Evaluates queries that ask for samples.
struct MetricQuery {
    /// Loki's `max_query_series`.
    static let maximumSeries = 500

    enum Value {
        case scalar([Double])
        case vector([SampleSeries])
    }

    struct TooManySeries: Error, CustomStringConvertible {
        var description: String {
            "maximum number of series (\(MetricQuery.maximumSeries)) reached for a single query; "
                + "consider reducing query cardinality by adding more specific stream selectors"
        }
    }

    let database: SQLiteDatabase
    let tenant: String
    let grid: SampleGrid

    func evaluate(_ expression: LogQLExpression) throws -> Value {
        switch expression {
        case .logs: throw LogQLError("log lines have no samples")
        case .number(let value): return .scalar([Double](repeating: value, count: grid.count))
        case .vector(let value):
            return .vector([SampleSeries(labels: LabelSet(), values: [Double?](repeating: value, count: grid.count))])
        case .range(let aggregation): return .vector(try series(aggregation, grouping: nil))
        case .aggregation(let aggregation):
            // A sum over a range aggregation counts in groups from the start.
            if aggregation.operation == .sum, case .range(let inner) = aggregation.operand {
                return .vector(try series(inner, grouping: aggregation.grouping ?? .by([])))
            }
            guard case .vector(let series) = try evaluate(aggregation.operand) else {
                throw LogQLError("\(aggregation.operation.rawValue) needs a vector, not a number")
            }
            return .vector(SampleAggregation(aggregation, count: grid.count).apply(to: series))
        case .binary(let operation, let left, let right):
            return SampleArithmetic.apply(operation, try evaluate(left), try evaluate(right))
        }
    }

    /// Counts entries or bytes in windows.
    private func series(
        _ aggregation: RangeAggregation,
        grouping: VectorAggregation.Grouping?
    ) throws -> [SampleSeries] {
        guard grid.count > 0 else { return [] }
        var deadline = QueryDeadline()
        let pipeline = EntryPipeline(aggregation.selector.stages)
        // What has come and gone at each instant; summed up at the end.
        var changes: [LabelSet: [Double]] = [:]
        for stream in try StoredStream.all(
            tenant: tenant,
            matchers: aggregation.selector.matchers,
            in: database
        ) {
            pipeline.begin(stream.labels)
            let columns = columns(aggregation, grouping, stream.labels)
            let select = try database.prepare(
                "SELECT \(columns.sql) FROM entries WHERE stream = ? AND ns > ? AND ns <= ?"
            )
            defer { select.reset() }
            try select.bind(integer: stream.id, at: 1)
            try select.bind(integer: grid.start - aggregation.range - aggregation.offset, at: 2)
            try select.bind(integer: grid.end - aggregation.offset, at: 3)
            /// The group of entries that all have the same labels, and what it counts.
            let group = columns.hasMetadata || columns.hasLine ? nil : self.group(stream.labels, grouping)
            var counts = group.flatMap { changes.removeValue(forKey: $0) } ?? []
            while try select.step() {
                try deadline.check()
                let windows = grid.windows(of: select.integer(at: 0) + aggregation.offset, range: aggregation.range)
                guard !windows.isEmpty else { continue }
                let weight = aggregation.operation.countsBytes ? Double(select.integer(at: 1)) : 1
                if group != nil {
                    if counts.isEmpty { counts = [Double](repeating: 0, count: grid.count + 1) }
                    counts[windows.lowerBound] += weight
                    counts[windows.upperBound] -= weight
                    continue
                }
                let line = columns.hasLine ? select.bytes(at: 3) : .empty
                guard try pipeline.process(line, metadata: select.bytes(at: 2)) else { continue }
                let group = self.group(pipeline, grouping)
                if changes[group] == nil, changes.count >= Self.maximumSeries { throw TooManySeries() }
                changes[group, default: [Double](repeating: 0, count: grid.count + 1)][windows.lowerBound] += weight
                changes[group]?[windows.upperBound] -= weight
            }
            if let group, !counts.isEmpty {
                if changes.count >= Self.maximumSeries { throw TooManySeries() }
                changes[group] = counts
            }
        }
        let divisor = aggregation.operation.isRate ? Double(aggregation.range) / 1e9 : 1
        return changes.map { labels, changes in
            var sum = 0.0
            let values = changes.dropLast().map { change -> Double? in
                sum += change
                return sum > 0 ? sum / divisor : nil
            }
            return SampleSeries(labels: labels, values: values)
        }
    }

    /// The columns that are needed: the fewer, the faster; the time alone is in the index.
    private func columns(
        _ aggregation: RangeAggregation,
        _ grouping: VectorAggregation.Grouping?,
        _ labels: LabelSet
    ) -> (sql: String, hasMetadata: Bool, hasLine: Bool) {
        let hasLine = !aggregation.selector.stages.isEmpty
        var hasMetadata = true
        if case .by(let names) = grouping { hasMetadata = !names.allSatisfy { labels[$0] != nil } }
        let length = aggregation.operation.countsBytes ? "length(line)" : "0"
        return (
            "ns, \(length), \(hasMetadata || hasLine ? "metadata" : "NULL"), \(hasLine ? "line" : "NULL")",
            hasMetadata, hasLine
        )
    }

    private func group(_ labels: LabelSet, _ grouping: VectorAggregation.Grouping?) -> LabelSet {
        switch grouping {
        case nil: labels
        case .by(let names): labels.filter { names.contains($0) }
        case .without(let names): labels.filter { !names.contains($0) }
        }
    }

    private func group(_ pipeline: EntryPipeline, _ grouping: VectorAggregation.Grouping?) -> LabelSet {
        guard case .by(let names) = grouping else { return group(pipeline.labels, grouping) }
        return LabelSet(
            names.compactMap { name in pipeline.value(of: name).map { LabelSet.Label(name: name, value: $0) } }
        )
    }
}
