// SPDX-License-Identifier: Apache-2.0

/// A search, read from its body and its URL.
package struct SearchRequest {
    package struct SortKey: Equatable {
        package var path: FieldPath
        package var isDescending: Bool
        /// Where documents without the field go.
        package var missingIsFirst: Bool
        /// `_doc` and `_score`: the order of arrival, because nothing is scored.
        package var isArrival: Bool { path.name == "_doc" || path.name == "_score" }
    }

    /// How far matches are counted.
    package enum Counting: Equatable {
        case all
        case upTo(Int)
        case none
    }

    /// `index.max_result_window`
    package static let maximumWindow = 10_000

    package var query: SearchQuery = .all
    package var from = 0
    package var size = 10
    package var sort: [SortKey] = []
    package var source = SourceFilter.all
    package var counting = Counting.upTo(10_000)
    package var aggregations: [Aggregation] = []
    /// The sort values of the last hit of the page before.
    package var after: [JSONValue]?

    /// - Parameter countOnly: it is for `_count`, which takes a query and nothing else.
    package init(
        body: JSONValue?,
        parameters: QueryParameters,
        now: Int64,
        countOnly: Bool = false
    ) throws(ElasticsearchError) {
        let parser = SearchQueryParser(now: now)
        if let body {
            guard let members = body.members else {
                throw SearchQueryParser.problem("Expected [START_OBJECT] but found [\(body.text ?? "[")]")
            }
            for member in members {
                guard !countOnly || member.key == "query" else {
                    throw SearchQueryParser.problem("request does not support [\(member.key)]")
                }
                try take(member, parser)
            }
        }
        if let text = parameters["q"] {
            query = try QueryStringParser.parse(
                text,
                defaultFields: [parameters["df"]].compactMap { $0 },
                needsAll: parameters["default_operator"]?.lowercased() == "and",
                now: now
            )
        }
        if let text = parameters["from"] { from = try Self.integer("from", .string(text)) }
        if let text = parameters["size"] { size = try Self.integer("size", .string(text)) }
        if let text = parameters["sort"] {
            sort = try text.split(separator: ",").map { part throws(ElasticsearchError) in
                let pieces = part.split(separator: ":", maxSplits: 1)
                return try Self.key(
                    String(pieces.first ?? ""),
                    pieces.count > 1 ? .string(String(pieces[1])) : nil
                )
            }
        }
        if let text = parameters["track_total_hits"] { counting = try Self.counting(.string(text)) }
        source = SourceFilter(parameters: parameters) ?? source
        let window = from + size
        guard window <= Self.maximumWindow else {
            throw ElasticsearchError(
                400,
                "illegal_argument_exception",
                "Result window is too large, from + size must be less than or equal to: [\(Self.maximumWindow)] "
                    + "but was [\(window)]."
            )
        }
        if let after, after.count != sort.count {
            throw ElasticsearchError(
                400,
                "illegal_argument_exception",
                "search_after has \(after.count) value(s) but sort has \(sort.count)."
            )
        }
    }

    private mutating func take(_ member: JSONValue.Member, _ parser: SearchQueryParser) throws(ElasticsearchError) {
        let value = member.value
        switch member.key {
        case "query": query = try parser.parse(value)
        case "from": from = try Self.integer("from", value)
        case "size": size = try Self.integer("size", value)
        case "sort":
            sort = []
            for element in value.elements ?? [value] { sort += try Self.keys(element) }
        case "_source": source = SourceFilter(value)
        case "track_total_hits": counting = try Self.counting(value)
        case "aggs", "aggregations": aggregations = try Aggregation.parse(value)
        case "search_after": after = value.elements
        case "timeout", "version", "seq_no_primary_term", "explain", "highlight", "fields", "docvalue_fields",
            "stored_fields", "track_scores", "min_score", "profile", "stats", "terminate_after", "runtime_mappings",
            "script_fields", "indices_boost":
            // Changes what is told about hits, not which they are; or is of no meaning here.
            break
        case "post_filter", "rescore", "collapse", "suggest", "pit", "slice", "knn", "retriever", "rank", "ext":
            throw ElasticsearchError.notSupported("[\(member.key)] in a search")
        default: throw SearchQueryParser.problem("unknown key for a value in [\(member.key)].")
        }
    }

    private static func integer(_ name: String, _ value: JSONValue) throws(ElasticsearchError) -> Int {
        guard let number = value.integer else {
            throw ElasticsearchError(400, "illegal_argument_exception", "[\(name)] must be an integer")
        }
        guard number >= 0 else {
            throw ElasticsearchError(
                400,
                "illegal_argument_exception",
                "[\(name)] parameter cannot be negative, found [\(number)]"
            )
        }
        return min(number, 1 << 40)
    }

    private static func counting(_ value: JSONValue) throws(ElasticsearchError) -> Counting {
        if let flag = value.boolean { return flag ? .all : .none }
        return .upTo(try integer("track_total_hits", value))
    }

    private static func keys(_ value: JSONValue) throws(ElasticsearchError) -> [SortKey] {
        if let name = value.text { return [try key(name, nil)] }
        var keys: [SortKey] = []
        for member in value.members ?? [] { keys.append(try key(member.key, member.value)) }
        return keys
    }

    private static func key(_ name: String, _ value: JSONValue?) throws(ElasticsearchError) -> SortKey {
        let order = value?["order"]?.text ?? value?.text
        switch order?.lowercased() {
        case nil, "asc", "desc": break
        case .some(let other):
            throw ElasticsearchError(400, "illegal_argument_exception", "Unknown SortOrder [\(other)]")
        }
        let isDescending = order.map { $0.lowercased() == "desc" } ?? (name == "_score")
        return SortKey(
            path: FieldPath(name),
            isDescending: name == "_score" ? false : isDescending,
            missingIsFirst: value?["missing"]?.text == "_first"
        )
    }
}
