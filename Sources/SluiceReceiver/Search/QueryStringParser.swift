// SPDX-License-Identifier: Apache-2.0

/// Reads the text of `query_string` and of `?q=`: Lucene's syntax.
///
/// Known: words, `"phrases"`, `field:`, `field:(…)`, `[a TO b]`, `{a TO b}`, `>=`, `AND`, `OR`, `NOT`, `&&`, `||`, `!`,
/// `+`, `-`, brackets, `*` and `?` in words, `_exists_:field`, `*`, `*:*`; boosts are read and ignored. Not known:
/// patterns between slashes, `~`.
///
/// Source: Elasticsearch's "query string query" reference.
package struct QueryStringParser {
    private static let maximumDepth = 30

    private let text: [Character]
    private var position = 0
    private var depth = 0
    private let defaultTargets: [SearchQuery.FieldTarget]
    private let needsAll: Bool
    private let now: Int64
    private let analyzer = TextAnalyzer()

    package static func parse(
        _ text: String,
        defaultFields: [String],
        needsAll: Bool,
        now: Int64
    ) throws(ElasticsearchError) -> SearchQuery {
        let fields = defaultFields.filter { $0 != "*" && !$0.isEmpty }
        var parser = QueryStringParser(
            text: Array(text),
            defaultTargets: fields.isEmpty
                ? [.any] : fields.map { .field(FieldPath(String($0.split(separator: "^").first ?? ""))) },
            needsAll: needsAll,
            now: now
        )
        let query = try parser.clauses(parser.defaultTargets)
        parser.skipSpace()
        guard parser.position == parser.text.count else { throw parser.failure() }
        return query
    }

    private init(text: [Character], defaultTargets: [SearchQuery.FieldTarget], needsAll: Bool, now: Int64) {
        self.text = text
        self.defaultTargets = defaultTargets
        self.needsAll = needsAll
        self.now = now
    }

    private func failure(_ what: String? = nil) -> ElasticsearchError {
        let query = String(text)
        let found = position < text.count ? "\"\(text[position])\"" : "<EOF>"
        return ElasticsearchError(
            400,
            "query_shard_exception",
            "Failed to parse query [\(query)]",
            cause: .init(
                type: "parse_exception",
                reason: what ?? "Cannot parse '\(query)': Encountered \(found) at column \(position)."
            )
        )
    }

    // MARK: Characters

    private var current: Character? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let character = current, character.isWhitespace { position += 1 }
    }

    private mutating func take(_ word: String) -> Bool {
        let characters = Array(word)
        guard position + characters.count <= text.count,
            Array(text[position..<(position + characters.count)]) == characters
        else { return false }
        position += characters.count
        return true
    }

    /// A word such as `AND`, which ends where a word ends.
    private mutating func takeKeyword(_ word: String) -> Bool {
        let start = position
        guard take(word) else { return false }
        if let next = current, !next.isWhitespace, next != "(" {
            position = start
            return false
        }
        return true
    }

    // MARK: Clauses

    private mutating func clauses(_ targets: [SearchQuery.FieldTarget]) throws(ElasticsearchError) -> SearchQuery {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("the query is nested too deeply") }
        enum Duty { case should, must, mustNot }
        var found: [(duty: Duty, query: SearchQuery)] = []
        var isFirst = true
        while true {
            skipSpace()
            guard let character = current, character != ")" else { break }
            var joint: String?
            if !isFirst {
                if takeKeyword("AND") || take("&&") {
                    joint = "AND"
                } else if takeKeyword("OR") || take("||") {
                    joint = "OR"
                }
                skipSpace()
            }
            var duty: Duty = needsAll ? .must : .should
            if joint == "OR" { duty = .should }
            var isNegated = false
            while true {
                if takeKeyword("NOT") || take("!") {
                    isNegated.toggle()
                } else if current == "-" {
                    position += 1
                    isNegated.toggle()
                } else if current == "+" {
                    position += 1
                    duty = .must
                } else {
                    break
                }
                skipSpace()
            }
            let query = try clause(targets)
            // As Lucene's classic parser: AND makes both its sides required.
            if joint == "AND" {
                if let last = found.indices.last, found[last].duty == .should { found[last].duty = .must }
                duty = .must
            } else if joint == "OR", needsAll, let last = found.indices.last, found[last].duty == .must {
                found[last].duty = .should
            }
            found.append((isNegated ? .mustNot : duty, query))
            isFirst = false
        }
        if found.isEmpty { return depth == 1 ? .none : .all }
        if found.count == 1, found[0].duty != .mustNot { return found[0].query }
        return .boolean(
            BooleanQuery(
                must: found.filter { $0.duty == .must }.map(\.query),
                should: found.filter { $0.duty == .should }.map(\.query),
                mustNot: found.filter { $0.duty == .mustNot }.map(\.query)
            )
        )
    }

    private mutating func clause(_ targets: [SearchQuery.FieldTarget]) throws(ElasticsearchError) -> SearchQuery {
        switch current {
        case nil: throw failure()
        case "(":
            position += 1
            let inner = try clauses(targets)
            guard take(")") else { throw failure() }
            try boost()
            return inner
        case "\"":
            let phrase = try quoted()
            try boost()
            return any(targets) { .phrase($0, words: analyzer.words(of: phrase), isPrefix: false) }
        case "/": throw ElasticsearchError.notSupported("patterns between slashes in a query string")
        case "[", "{": return try range(targets)
        case ">", "<": return try comparison(targets)
        default: break
        }
        let start = position
        let (word, pattern, hasWildcard) = try self.word()
        guard position > start else { throw failure() }
        if current == ":" {
            position += 1
            skipSpace()
            if word == "_exists_" { return .exists(FieldPath(try self.word().word)) }
            if word == "*", take("*") { return .all }
            return try clause(word == "*" ? [.any] : [.field(FieldPath(word))])
        }
        try boost()
        if pattern == "*" {
            if case .field(let path) = targets.first, targets.count == 1 { return .exists(path) }
            return .all
        }
        if hasWildcard {
            let compiled = WildcardPattern(pattern, ignoresCase: true)
            return any(targets) { .wildcard($0, compiled) }
        }
        if case .field(let path) = targets.first, targets.count == 1, path.isKeyword { return .term(path, word) }
        if case .field(let path) = targets.first, targets.count == 1, path.name == "_id" { return .ids([word]) }
        let words = analyzer.words(of: word)
        return any(targets) { target in
            // A word of several words is a phrase.
            words.count > 1
                ? .phrase(target, words: words, isPrefix: false)
                : .match(target, words: words, text: word, needsAll: true)
        }
    }

    private func any(
        _ targets: [SearchQuery.FieldTarget],
        _ make: (SearchQuery.FieldTarget) -> SearchQuery
    ) -> SearchQuery {
        targets.count == 1 ? make(targets[0]) : .boolean(BooleanQuery(should: targets.map(make)))
    }

    /// A word without its escapes, and the same as a wildcard pattern.
    private mutating func word() throws(ElasticsearchError) -> (word: String, pattern: String, hasWildcard: Bool) {
        var word = ""
        var pattern = ""
        var hasWildcard = false
        while let character = current {
            if character == "\\" {
                position += 1
                guard let escaped = current else { throw failure() }
                word.append(escaped)
                pattern += SearchQueryParser.escape(String(escaped))
                position += 1
                continue
            }
            if character.isWhitespace || ":()[]{}\"^".contains(character) { break }
            if character == "~" { throw ElasticsearchError.notSupported("~ in a query string") }
            if character == "*" || character == "?" { hasWildcard = true }
            word.append(character)
            pattern.append(character)
            position += 1
        }
        return (word, pattern, hasWildcard)
    }

    private mutating func quoted() throws(ElasticsearchError) -> String {
        position += 1
        var result = ""
        while let character = current {
            position += 1
            if character == "\"" { return result }
            if character == "\\", let escaped = current {
                position += 1
                result.append(escaped)
            } else {
                result.append(character)
            }
        }
        throw failure()
    }

    /// `^2`, which says how much a clause counts for the score; there is none here.
    private mutating func boost() throws(ElasticsearchError) {
        if current == "~" { throw ElasticsearchError.notSupported("~ in a query string") }
        guard take("^") else { return }
        let start = position
        while let character = current, character.isNumber || character == "." { position += 1 }
        if position == start { throw failure() }
    }

    // MARK: Ranges

    private func path(_ targets: [SearchQuery.FieldTarget]) throws(ElasticsearchError) -> FieldPath {
        guard targets.count == 1, case .field(let path) = targets[0] else {
            throw failure("a range needs a field: field:[a TO b]")
        }
        return path
    }

    private mutating func range(_ targets: [SearchQuery.FieldTarget]) throws(ElasticsearchError) -> SearchQuery {
        let path = try path(targets)
        let isLowerIncluded = current == "["
        position += 1
        skipSpace()
        let lower = try end()
        skipSpace()
        guard takeKeyword("TO") else { throw failure() }
        skipSpace()
        let upper = try end()
        skipSpace()
        guard let closing = current, closing == "]" || closing == "}" else { throw failure() }
        position += 1
        try boost()
        var bounds = RangeBounds()
        if lower != "*" {
            bounds.lower = RangeBounds.bound(lower, isIncluded: isLowerIncluded, isUpper: false, now: now)
        }
        if upper != "*" { bounds.upper = RangeBounds.bound(upper, isIncluded: closing == "]", isUpper: true, now: now) }
        return .range(path, bounds)
    }

    private mutating func end() throws(ElasticsearchError) -> String {
        if current == "\"" { return try quoted() }
        let start = position
        while let character = current, !character.isWhitespace, !"]})".contains(character) { position += 1 }
        guard position > start else { throw failure() }
        return String(text[start..<position])
    }

    private mutating func comparison(_ targets: [SearchQuery.FieldTarget]) throws(ElasticsearchError) -> SearchQuery {
        let path = try path(targets)
        let isGreater = current == ">"
        position += 1
        let isIncluded = take("=")
        skipSpace()
        let value = current == "\"" ? try quoted() : try end()
        let bound = RangeBounds.bound(value, isIncluded: isIncluded, isUpper: !isGreater, now: now)
        return .range(path, isGreater ? RangeBounds(lower: bound) : RangeBounds(upper: bound))
    }
}
