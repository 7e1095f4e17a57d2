// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Gathers one aggregation.
final class Aggregator {
    private enum Key: Hashable {
        case text([UInt8])
        case number(Double)
        case boolean(Bool)
        /// The start of an interval, in nanoseconds.
        case time(Int64)
    }

    private final class Bucket {
        var count = 0
        let inner: [Aggregator]

        init(_ inner: [Aggregation]) { self.inner = inner.map { Aggregator($0) } }
    }

    /// `search.max_buckets`; what would be beyond is left out of the buckets and counted as other.
    private static let maximumBuckets = 65_536

    private let aggregation: Aggregation
    private var buckets: [Key: Bucket] = [:]
    private var leftOut = 0
    private var distinct: Set<[UInt8]> = []
    private var count = 0
    private var sum = 0.0
    private var least = Double.infinity
    private var greatest = -Double.infinity

    init(_ aggregation: Aggregation) { self.aggregation = aggregation }

    func take(_ fields: DocumentFields) {
        switch aggregation.kind {
        case .metric(let metric):
            fields.forEach(aggregation.path) { value in
                if value.kind == .null { return true }
                count += 1
                if metric == .cardinality {
                    distinct.insert(fields.text(value).array)
                } else if let number = number(value, fields) {
                    sum += number
                    least = min(least, number)
                    greatest = max(greatest, number)
                }
                return true
            }
        case .terms:
            var seen: Set<Key> = []
            fields.forEach(aggregation.path) { value in
                if let key = key(value, fields) { seen.insert(key) }
                return true
            }
            for key in seen { add(key, fields) }
        case .dateHistogram(let interval, _):
            guard let value = fields.first(aggregation.path),
                let time = DateText.nanoseconds(fields.text(value)) ?? nil
            else { return }
            add(.time(Self.start(of: time, interval)), fields)
        }
    }

    private func number(_ value: DocumentFields.Value, _ fields: DocumentFields) -> Double? {
        if value.kind.isNumber { return NumberText.double(value.raw) }
        // Of a date its milliseconds.
        if aggregation.path.isTimestamp, let time = DateText.nanoseconds(fields.text(value)) {
            return Double(time) / 1e6
        }
        return nil
    }

    private func key(_ value: DocumentFields.Value, _ fields: DocumentFields) -> Key? {
        switch value.kind {
        case .string, .escapedString: .text(fields.text(value).array)
        case .true: .boolean(true)
        case .false: .boolean(false)
        case .integer, .double: NumberText.double(value.raw).map { .number($0) }
        case .null, .object, .array: nil
        }
    }

    private func add(_ key: Key, _ fields: DocumentFields) {
        let bucket: Bucket
        if let known = buckets[key] {
            bucket = known
        } else if buckets.count < Self.maximumBuckets {
            bucket = Bucket(aggregation.inner)
            buckets[key] = bucket
        } else {
            leftOut += 1
            return
        }
        bucket.count += 1
        for aggregator in bucket.inner { aggregator.take(fields) }
    }

    private static func start(of time: Int64, _ interval: Aggregation.DateInterval) -> Int64 {
        switch interval {
        case .fixed(let length): Timestamp.floorDivide(time, length) * length
        case .calendar(let unit): DateMath.round(time, unit, up: false) ?? time
        }
    }

    // MARK: Results

    var result: AggregationResult { AggregationResult(name: aggregation.name, value: value) }

    private var value: JSONValue {
        switch aggregation.kind {
        case .metric(let metric): metricValue(metric)
        case .terms(let size, let order): terms(size, order)
        case .dateHistogram(let interval, let minimumCount): histogram(interval, minimumCount)
        }
    }

    private func metricValue(_ metric: Aggregation.Metric) -> JSONValue {
        let number: Double? =
            switch metric {
            case .count: Double(count)
            case .cardinality: Double(distinct.count)
            case .sum: sum
            case .avg: count == 0 ? nil : sum / Double(count)
            case .min: least.isFinite ? least : nil
            case .max: greatest.isFinite ? greatest : nil
            }
        return .object(["value": number.map { .number(GoNumber.text($0)) } ?? .null])
    }

    private func body(_ key: [JSONValue.Member], _ bucket: Bucket) -> JSONValue {
        .object(
            key + [JSONValue.Member(key: "doc_count", value: .integer(bucket.count))]
                + bucket.inner.map { JSONValue.Member(key: $0.aggregation.name, value: $0.value) }
        )
    }

    private func terms(_ size: Int, _ order: Aggregation.Order) -> JSONValue {
        let sorted = buckets.sorted { left, right in
            if !order.isByKey, left.value.count != right.value.count {
                return (left.value.count < right.value.count) == order.isAscending
            }
            return Self.precedes(left.key, right.key) == (order.isByKey ? order.isAscending : true)
        }
        let shown = sorted.prefix(size)
        let others = sorted.dropFirst(size).reduce(leftOut) { $0 + $1.value.count }
        return .object([
            "doc_count_error_upper_bound": .integer(0),
            "sum_other_doc_count": .integer(others),
            "buckets": .array(shown.map { body(Self.members($0.key), $0.value) }),
        ])
    }

    private static func precedes(_ left: Key, _ right: Key) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.number(let left), .number(let right)): left < right
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.time(let left), .time(let right)): left < right
        case (.number, _): true
        default: false
        }
    }

    private static func members(_ key: Key) -> [JSONValue.Member] {
        switch key {
        case .text(let bytes):
            return [JSONValue.Member(key: "key", value: .string(String(decoding: bytes, as: UTF8.self)))]
        case .number(let value): return [JSONValue.Member(key: "key", value: .number(GoNumber.text(value)))]
        case .boolean(let value):
            return [
                JSONValue.Member(key: "key", value: .integer(value ? 1 : 0)),
                JSONValue.Member(key: "key_as_string", value: .string(value ? "true" : "false")),
            ]
        case .time(let nanoseconds):
            let arena = ByteArena(capacity: 64)
            Timestamp.write(nanoseconds, fractionDigits: 3, to: arena)
            return [
                JSONValue.Member(key: "key_as_string", value: .string(arena.string)),
                JSONValue.Member(key: "key", value: .integer(Timestamp.floorDivide(nanoseconds, 1_000_000))),
            ]
        }
    }

    private func histogram(_ interval: Aggregation.DateInterval, _ minimumCount: Int) -> JSONValue {
        let sorted = buckets.sorted { Self.precedes($0.key, $1.key) }
        var list: [JSONValue] = []
        var next: Int64?
        for (key, bucket) in sorted {
            guard case .time(let start) = key else { continue }
            // Empty intervals between full ones are shown, too, as long as they are not absurdly many.
            if minimumCount == 0, case .fixed(let length) = interval, let from = next, start > from,
                (start - from) / length < 10_000
            {
                for empty in stride(from: from, to: start, by: Int(length)) {
                    list.append(body(Self.members(.time(empty)), Bucket(aggregation.inner)))
                }
            }
            if bucket.count >= minimumCount { list.append(body(Self.members(key), bucket)) }
            if case .fixed(let length) = interval { next = start + length }
        }
        return .object(["buckets": .array(list)])
    }
}
