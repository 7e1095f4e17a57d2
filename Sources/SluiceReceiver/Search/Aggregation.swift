// SPDX-License-Identifier: Apache-2.0

/// An aggregation, as it is asked for.
package struct Aggregation {
    package enum Kind {
        case terms(size: Int, order: Order)
        /// Nanoseconds, or months.
        case dateHistogram(DateInterval, minimumCount: Int)
        case metric(Metric)
    }

    package enum Metric: String {
        case min, max, sum, avg, cardinality
        case count = "value_count"
    }

    package enum DateInterval: Equatable {
        case fixed(Int64)
        /// A unit of the calendar: `w`, `M` or `y`.
        case calendar(Character)
    }

    package struct Order {
        package var isByKey = false
        package var isAscending = false
    }

    package static let maximumDepth = 5

    package var name: String
    package var path: FieldPath
    package var kind: Kind
    package var inner: [Aggregation]

    /// Reads the object of names.
    package static func parse(_ value: JSONValue, depth: Int = 0) throws(ElasticsearchError) -> [Aggregation] {
        guard depth < maximumDepth else {
            throw ElasticsearchError(400, "illegal_argument_exception", "the aggregations are nested too deeply")
        }
        var aggregations: [Aggregation] = []
        for member in value.members ?? [] {
            var inner: [Aggregation] = []
            var found: (type: String, body: JSONValue)?
            for part in member.value.members ?? [] {
                switch part.key {
                case "aggs", "aggregations": inner = try parse(part.value, depth: depth + 1)
                case "meta": break
                default:
                    guard found == nil else {
                        throw SearchQueryParser.problem("Found two aggregation type definitions in [\(member.key)]")
                    }
                    found = (part.key, part.value)
                }
            }
            guard let found else {
                throw SearchQueryParser.problem("Missing definition for aggregation [\(member.key)]")
            }
            guard let field = found.body["field"]?.text else {
                throw ElasticsearchError.notSupported("the aggregation [\(found.type)] without a field")
            }
            aggregations.append(
                Aggregation(
                    name: member.key,
                    path: FieldPath(field),
                    kind: try kind(found.type, found.body),
                    inner: inner
                )
            )
        }
        return aggregations
    }

    private static func kind(_ type: String, _ body: JSONValue) throws(ElasticsearchError) -> Kind {
        if let metric = Metric(rawValue: type) { return .metric(metric) }
        switch type {
        case "terms":
            var order = Order()
            let wanted = body["order"]?.elements?.first ?? body["order"]
            if let member = wanted?.members?.first {
                guard member.key == "_key" || member.key == "_term" || member.key == "_count" else {
                    throw ElasticsearchError.notSupported("ordering terms by [\(member.key)]")
                }
                order = Order(isByKey: member.key != "_count", isAscending: member.value.text == "asc")
            }
            return .terms(size: max(body["size"]?.integer ?? 10, 1), order: order)
        case "date_histogram":
            let text = (body["fixed_interval"] ?? body["calendar_interval"] ?? body["interval"])?.text
            guard let text, let interval = interval(text) else {
                throw ElasticsearchError(
                    400,
                    "illegal_argument_exception",
                    "[date_histogram] needs a fixed_interval or calendar_interval such as 1m, 1h, 1d or month"
                )
            }
            return .dateHistogram(interval, minimumCount: body["min_doc_count"]?.integer ?? 0)
        default: throw ElasticsearchError.notSupported("the aggregation [\(type)]")
        }
    }

    private static func interval(_ text: String) -> DateInterval? {
        switch text {
        case "second", "1s": return .fixed(1_000_000_000)
        case "minute", "1m": return .fixed(60_000_000_000)
        case "hour", "1h": return .fixed(3_600_000_000_000)
        case "day", "1d": return .fixed(86_400_000_000_000)
        case "week", "1w": return .calendar("w")
        case "month", "1M": return .calendar("M")
        case "year", "1y": return .calendar("y")
        default:
            guard let length = DurationText.nanoseconds(text), length > 0 else { return nil }
            return .fixed(length)
        }
    }
}
