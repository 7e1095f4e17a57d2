// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Keeps the best hits, counts all, and feeds the aggregations.
struct HitCollector {
    private let request: SearchRequest
    private let window: Int
    private let matcher = DocumentMatcher()
    private let after: [SortValue]?
    private let order: HitOrder
    private var hits: [SearchExecutor.Hit] = []
    private var total = 0
    private var aggregators: [Aggregator]
    /// The worst of enough hits, when they have been sorted.
    private var worst: SearchExecutor.Hit?
    /// The total, where it need not be counted.
    var knownTotal: Int?

    init(_ request: SearchRequest) {
        self.request = request
        window = request.from + request.size
        order = HitOrder(keys: request.sort)
        aggregators = request.aggregations.map { Aggregator($0) }
        after = request.after.map { values in
            zip(values, request.sort).map { SortValue($0, isTimestamp: $1.path.isTimestamp) }
        }
    }

    /// Looks at a document. True if, where documents come in the order of the hits, no later one is needed.
    mutating func take(id: Int64, target: SearchTarget, key: ByteView, source: ByteView) -> Bool {
        matcher.fields.source = source
        matcher.fields.key = key
        guard matcher.matches(request.query) else { return false }
        total += 1
        for aggregator in aggregators { aggregator.take(matcher.fields) }
        guard window > 0 || after != nil else { return isCounted }
        let sort = request.sort.map { sortKey in
            sortKey.isArrival
                ? SortValue.number(Double(id))
                : SortValue(
                    matcher.fields.first(sortKey.path),
                    in: matcher.fields,
                    isTimestamp: sortKey.path.isTimestamp
                )
        }
        var hit = SearchExecutor.Hit(id: id, target: target, key: [], source: [], sort: sort)
        if let after, order.compare(sort, after) <= 0 { return false }
        if let worst, !order.precedes(hit, worst) {
            // Later ones with the same first key may still come before it by another.
            let isBehind = zip(sort.prefix(1), worst.sort).allSatisfy { $0 != $1 }
            return isCounted && isBehind
        }
        hit.key = key.array
        if request.source != .none { hit.source = source.array }
        hits.append(hit)
        if hits.count >= max(window * 2, 64) { prune() }
        return false
    }

    /// Documents begin to come anew in their order: what is known of the hits so far bounds them.
    mutating func beginOrdered() { prune() }

    private var isCounted: Bool {
        guard aggregators.isEmpty else { return false }
        if knownTotal != nil { return true }
        switch request.counting {
        case .all: return false
        case .none: return true
        case .upTo(let limit): return total > limit
        }
    }

    private mutating func prune() {
        let order = order
        hits.sort { order.precedes($0, $1) }
        guard hits.count >= window else { return }
        hits.removeLast(hits.count - window)
        worst = hits.last
    }

    var result: SearchExecutor.Result {
        let sorted = hits.sorted { order.precedes($0, $1) }
        var result = SearchExecutor.Result()
        result.hits = Array(sorted.dropFirst(request.from).prefix(request.size))
        result.total = knownTotal ?? total
        if case .upTo(let limit) = request.counting, result.total > limit {
            result.total = limit
            result.isLowerBound = true
        }
        result.aggregations = aggregators.map(\.result)
        return result
    }
}
