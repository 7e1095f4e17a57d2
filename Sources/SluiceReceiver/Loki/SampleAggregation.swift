// SPDX-License-Identifier: Apache-2.0

/// `sum`, `min`, `max`, `avg`, `count`, `topk` and `bottomk` over series.
package struct SampleAggregation {
    private let aggregation: VectorAggregation
    private let count: Int

    /// - Parameter count: of the grid's instants.
    package init(_ aggregation: VectorAggregation, count: Int) {
        self.aggregation = aggregation
        self.count = count
    }

    package func apply(to series: [SampleSeries]) -> [SampleSeries] {
        var groups: [LabelSet: [SampleSeries]] = [:]
        for one in series { groups[group(one.labels), default: []].append(one) }
        return groups.flatMap { labels, members in
            aggregation.operation.takesNumber
                ? choose(members) : [SampleSeries(labels: labels, values: combine(members))]
        }
    }

    private func group(_ labels: LabelSet) -> LabelSet {
        switch aggregation.grouping {
        case nil: LabelSet()
        case .by(let names): labels.filter { names.contains($0) }
        case .without(let names): labels.filter { !names.contains($0) }
        }
    }

    private func combine(_ members: [SampleSeries]) -> [Double?] {
        (0..<count).map { index in
            let values = members.compactMap { $0.values[index] }
            guard !values.isEmpty else { return nil }
            return switch aggregation.operation {
            case .sum: values.reduce(0, +)
            case .min: values.min()
            case .max: values.max()
            case .avg: values.reduce(0, +) / Double(values.count)
            case .count: Double(values.count)
            case .topk, .bottomk: nil
            }
        }
    }

    /// The largest or smallest at each instant, with all their labels.
    private func choose(_ members: [SampleSeries]) -> [SampleSeries] {
        var chosen = members.map { SampleSeries(labels: $0.labels, values: [Double?](repeating: nil, count: count)) }
        let isTop = aggregation.operation == .topk
        for index in 0..<count {
            let ranked = members.indices.filter { members[$0].values[index] != nil }.sorted { left, right in
                let (left, right) = (members[left].values[index] ?? 0, members[right].values[index] ?? 0)
                return isTop ? left > right : left < right
            }
            for member in ranked.prefix(aggregation.number) {
                chosen[member].values[index] = members[member].values[index]
            }
        }
        return chosen.filter { $0.values.contains { $0 != nil } }
    }
}
