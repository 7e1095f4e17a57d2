// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Runs a search over the stored documents.
struct SearchExecutor {
    struct Hit {
        /// The row's.
        var id: Int64
        var target: SearchTarget
        var key: [UInt8]
        var source: [UInt8]
        var sort: [SortValue]
    }

    struct Result {
        var hits: [Hit] = []
        /// Counted so far.
        var total = 0
        /// There may be more than were counted.
        var isLowerBound = false
        var aggregations: [AggregationResult] = []
    }

    let database: SQLiteDatabase
    let targets: [SearchTarget]
    let request: SearchRequest

    func run() throws -> Result {
        var collector = HitCollector(request)
        guard !targets.isEmpty, request.query != .none else { return collector.result }
        // The count of everything is known.
        if request.query == .all, request.aggregations.isEmpty, request.after == nil {
            collector.knownTotal = targets.reduce(0) { $0 + Int($1.documents) }
            if request.size == 0 { return collector.result }
        }
        let plan = SearchPlan(request.query)
        let byID = Dictionary(targets.map { ($0.id, $0) }) { first, _ in first }
        if let ids = plan.ids {
            try search(ids: ids, &collector)
        } else if let key = request.sort.first, key.path.isTimestamp {
            for target in targets { try search(target, plan, byTime: key, &collector) }
        } else if plan.hasTimes {
            for target in targets { try search(target, plan, byTime: nil, &collector) }
        } else {
            let list = targets.map { "\($0.id)" }.joined(separator: ",")
            // The plus keeps SQLite from an index, and so to the order of arrival.
            let sql = "SELECT id, container, key, source FROM documents WHERE +container IN (\(list)) ORDER BY id"
            let isStreaming = request.sort.allSatisfy { $0.isArrival && !$0.isDescending }
            try rows(try database.prepareUncached(sql), byID, &collector, isOrdered: isStreaming)
        }
        return collector.result
    }

    private func search(ids: [String], _ collector: inout HitCollector) throws {
        let select = try database.prepareUncached(
            "SELECT id, container, key, source FROM documents WHERE container = ? AND key = ?"
        )
        for target in targets {
            for id in Set(ids) {
                select.reset()
                try select.bind(integer: target.id, at: 1)
                try id.withByteView { view throws(SQLiteError) in try select.bind(blob: view, at: 2) }
                try rows(select, [target.id: target], &collector, isOrdered: false)
            }
        }
    }

    /// Goes over one index's documents by their time.
    ///
    /// - Parameter key: if the hits are sorted by time; then later rows than the worst of enough hits are not read.
    private func search(
        _ target: SearchTarget,
        _ plan: SearchPlan,
        byTime key: SearchRequest.SortKey?,
        _ collector: inout HitCollector
    ) throws {
        let order = key?.isDescending == true ? "DESC" : "ASC"
        let select = try database.prepareUncached(
            """
            SELECT id, container, key, source, time FROM documents
            WHERE container = ? AND time >= ? AND time <= ? ORDER BY time \(order)
            """
        )
        try select.bind(integer: target.id, at: 1)
        try select.bind(integer: plan.earliest ?? Int64.min, at: 2)
        try select.bind(integer: plan.latest ?? Int64.max, at: 3)
        collector.beginOrdered()
        let isOrdered = key != nil
        if let key, key.missingIsFirst, !plan.hasTimes { try searchTimeless(target, &collector) }
        try rows(select, [target.id: target], &collector, isOrdered: isOrdered)
        if key?.missingIsFirst != true, !plan.hasTimes { try searchTimeless(target, &collector) }
    }

    private func searchTimeless(_ target: SearchTarget, _ collector: inout HitCollector) throws {
        let select = try database.prepareUncached(
            "SELECT id, container, key, source FROM documents WHERE container = ? AND time IS NULL ORDER BY id"
        )
        try select.bind(integer: target.id, at: 1)
        try rows(select, [target.id: target], &collector, isOrdered: false)
    }

    /// - Parameter isOrdered: rows come in the order of the first sort key.
    private func rows(
        _ select: SQLiteStatement,
        _ targets: [Int64: SearchTarget],
        _ collector: inout HitCollector,
        isOrdered: Bool
    ) throws {
        defer { select.reset() }
        var deadline = QueryDeadline()
        while try select.step() {
            try deadline.check()
            guard let target = targets[select.integer(at: 1)] else { continue }
            let isDone = collector.take(
                id: select.integer(at: 0),
                target: target,
                key: select.bytes(at: 2),
                source: select.bytes(at: 3)
            )
            if isOrdered, isDone { return }
        }
    }
}
