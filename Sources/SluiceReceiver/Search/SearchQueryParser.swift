// SPDX-License-Identifier: Apache-2.0

/// Reads Elasticsearch's query DSL, as much of it as the embedded backend knows; the rest is named in the error.
///
/// Source: Elasticsearch's Query DSL reference.
package struct SearchQueryParser {
    /// Queries inside one another.
    private static let maximumDepth = 30

    package let now: Int64
    private let analyzer = TextAnalyzer()

    package init(now: Int64) { self.now = now }

    package static func problem(_ reason: String) -> ElasticsearchError {
        ElasticsearchError(400, "parsing_exception", reason)
    }

    package func parse(_ value: JSONValue, depth: Int = 0) throws(ElasticsearchError) -> SearchQuery {
        guard depth < Self.maximumDepth else {
            throw ElasticsearchError(400, "illegal_argument_exception", "the query is nested too deeply")
        }
        guard let members = value.members else {
            throw Self.problem("[_na_] query malformed, must start with start_object")
        }
        guard let member = members.first else {
            throw ElasticsearchError(400, "illegal_argument_exception", "query malformed, empty clause found")
        }
        guard members.count == 1 else {
            throw Self.problem("[\(member.key)] malformed query, expected [END_OBJECT] but found [FIELD_NAME]")
        }
        let body = member.value
        switch member.key {
        case "match_all": return .all
        case "match_none": return .none
        case "term": return try term(body)
        case "terms": return try terms(body)
        case "match": return try match(body)
        case "match_phrase": return try phrase(body, isPrefix: false)
        case "match_phrase_prefix": return try phrase(body, isPrefix: true)
        case "multi_match": return try multiMatch(body)
        case "range": return try range(body)
        case "exists":
            guard let field = body["field"]?.text else {
                throw Self.problem("[exists] must be provided with a [field]")
            }
            return .exists(FieldPath(field))
        case "ids": return .ids((body["values"]?.elements ?? []).compactMap(\.text))
        case "prefix": return try wildcard("prefix", body) { Self.escape($0) + "*" }
        case "wildcard": return try wildcard("wildcard", body) { $0 }
        case "query_string": return try queryString(body)
        case "constant_score":
            guard let filter = body["filter"] else {
                throw Self.problem("[constant_score] requires a 'filter' element")
            }
            return try parse(filter, depth: depth + 1)
        case "bool": return try boolean(body, depth)
        case let other:
            let known = [
                "regexp", "fuzzy", "nested", "simple_query_string", "function_score", "dis_max", "boosting", "script",
                "more_like_this", "match_bool_prefix", "intervals", "combined_fields", "terms_set", "span_term",
                "geo_distance", "geo_bounding_box", "has_child", "has_parent", "percolate", "knn", "wrapper",
            ]
            if known.contains(other) { throw ElasticsearchError.notSupported("the query [\(other)]") }
            throw Self.problem("unknown query [\(other)]")
        }
    }

    /// What is written for one field: its name and the rest.
    private func field(_ query: String, _ body: JSONValue) throws(ElasticsearchError) -> (String, JSONValue) {
        let members = (body.members ?? []).filter { $0.key != "boost" && $0.key != "_name" }
        guard let first = members.first else { throw Self.problem("[\(query)] no field name was given") }
        guard members.count == 1 else {
            throw Self.problem(
                "[\(query)] query doesn't support multiple fields, found [\(first.key)] and [\(members[1].key)]"
            )
        }
        return (first.key, first.value)
    }

    private func term(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field("term", body)
        let wanted = value.members == nil ? value : value["value"]
        guard let text = wanted?.text else { throw Self.problem("[term] needs a value for [\(name)]") }
        if name == "_id" { return .ids([text]) }
        if value["case_insensitive"]?.boolean == true {
            return .wildcard(.field(FieldPath(name)), WildcardPattern(Self.escape(text), ignoresCase: true))
        }
        return .term(FieldPath(name), text)
    }

    private func terms(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field("terms", body)
        guard let elements = value.elements else {
            throw ElasticsearchError.notSupported("[terms] with anything but a list of values")
        }
        if name == "_id" { return .ids(elements.compactMap(\.text)) }
        return .terms(FieldPath(name), elements.compactMap(\.text))
    }

    private func match(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field("match", body)
        let text = value.text ?? value["query"]?.text
        guard let text else { throw Self.problem("[match] requires a query value for [\(name)]") }
        let needsAll = value["operator"]?.text?.lowercased() == "and"
        return .match(.field(FieldPath(name)), words: analyzer.words(of: text), text: text, needsAll: needsAll)
    }

    private func phrase(_ body: JSONValue, isPrefix: Bool) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field(isPrefix ? "match_phrase_prefix" : "match_phrase", body)
        guard let text = value.text ?? value["query"]?.text else {
            throw Self.problem("[match_phrase] requires a query value for [\(name)]")
        }
        return .phrase(.field(FieldPath(name)), words: analyzer.words(of: text), isPrefix: isPrefix)
    }

    private func multiMatch(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        guard let text = body["query"]?.text else { throw Self.problem("No text specified for multi_match query") }
        let words = analyzer.words(of: text)
        let needsAll = body["operator"]?.text?.lowercased() == "and"
        let isPhrase = body["type"]?.text?.hasPrefix("phrase") ?? false
        let isPrefix = body["type"]?.text == "phrase_prefix"
        let fields = (body["fields"]?.elements ?? []).compactMap(\.text)
        let targets: [SearchQuery.FieldTarget] =
            fields.isEmpty || fields.contains("*")
            ? [.any] : fields.map { .field(FieldPath(String($0.split(separator: "^").first ?? ""))) }
        return .boolean(
            BooleanQuery(
                should: targets.map { target in
                    isPhrase
                        ? .phrase(target, words: words, isPrefix: isPrefix)
                        : .match(target, words: words, text: text, needsAll: needsAll)
                }
            )
        )
    }

    private func range(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field("range", body)
        guard let members = value.members else { throw Self.problem("[range] needs bounds for [\(name)]") }
        var bounds = RangeBounds()
        let isSeconds = value["format"]?.text == "epoch_second"
        for member in members {
            guard let text = member.value.text else { continue }
            func bound(_ isIncluded: Bool, _ isUpper: Bool) -> RangeBounds.Bound {
                RangeBounds.bound(text, isIncluded: isIncluded, isUpper: isUpper, now: now, isSeconds: isSeconds)
            }
            switch member.key {
            case "gte": bounds.lower = bound(true, false)
            case "from": bounds.lower = bound(value["include_lower"]?.boolean ?? true, false)
            case "gt": bounds.lower = bound(false, false)
            case "lte": bounds.upper = bound(true, true)
            case "to": bounds.upper = bound(value["include_upper"]?.boolean ?? true, true)
            case "lt": bounds.upper = bound(false, true)
            case "format", "time_zone", "boost", "relation", "include_lower", "include_upper", "_name": break
            default: throw Self.problem("[range] query does not support [\(member.key)]")
            }
        }
        return .range(FieldPath(name), bounds)
    }

    private func wildcard(
        _ query: String,
        _ body: JSONValue,
        _ pattern: (String) -> String
    ) throws(ElasticsearchError) -> SearchQuery {
        let (name, value) = try field(query, body)
        guard let text = value.text ?? value["value"]?.text ?? value["wildcard"]?.text else {
            throw Self.problem("[\(query)] needs a value for [\(name)]")
        }
        return .wildcard(
            .field(FieldPath(name)),
            WildcardPattern(pattern(text), ignoresCase: value["case_insensitive"]?.boolean ?? false)
        )
    }

    /// Text in which `*`, `?` and `\` mean themselves.
    package static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            if "*?\\".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    private func queryString(_ body: JSONValue) throws(ElasticsearchError) -> SearchQuery {
        guard let text = body["query"]?.text else {
            throw Self.problem("[query_string] must be provided with a [query]")
        }
        let fields = (body["fields"]?.elements ?? []).compactMap(\.text)
        return try QueryStringParser.parse(
            text,
            defaultFields: fields.isEmpty ? [body["default_field"]?.text].compactMap { $0 } : fields,
            needsAll: body["default_operator"]?.text?.lowercased() == "and",
            now: now
        )
    }

    private func boolean(_ body: JSONValue, _ depth: Int) throws(ElasticsearchError) -> SearchQuery {
        guard let members = body.members else {
            throw Self.problem("[bool] query malformed, no start_object after query name")
        }
        var query = BooleanQuery()
        for member in members {
            func clauses() throws(ElasticsearchError) -> [SearchQuery] {
                var clauses: [SearchQuery] = []
                for element in member.value.elements ?? [member.value] {
                    clauses.append(try parse(element, depth: depth + 1))
                }
                return clauses
            }
            switch member.key {
            case "must", "filter": query.must += try clauses()
            case "should": query.should += try clauses()
            case "must_not", "mustNot": query.mustNot += try clauses()
            case "minimum_should_match":
                query.minimumShouldMatch = try Self.minimum(member.value, of: body["should"]?.elements?.count ?? 1)
            case "boost", "adjust_pure_negative", "_name": break
            default: throw Self.problem("[bool] query does not support [\(member.key)]")
            }
        }
        return .boolean(query)
    }

    /// A number, a number to leave out, or a percentage.
    private static func minimum(_ value: JSONValue, of count: Int) throws(ElasticsearchError) -> Int {
        let text = value.text ?? ""
        if text.hasSuffix("%"), let percent = Int(text.dropLast()) {
            let part = count * abs(percent) / 100
            return percent < 0 ? max(0, count - part) : part
        }
        guard let number = Int(text) else { throw problem("minimum_should_match [\(text)] is not a number") }
        return number < 0 ? max(0, count + number) : number
    }
}
