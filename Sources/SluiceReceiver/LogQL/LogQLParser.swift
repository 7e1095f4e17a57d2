// SPDX-License-Identifier: Apache-2.0

/// Reads LogQL, as much of it as the embedded backend knows; the rest is named in the error.
///
/// Source: Loki's LogQL reference.
package struct LogQLParser {
    /// Brackets and operations inside one another.
    static let maximumDepth = 64

    let text: [UInt8]
    let tokens: [LogQLToken]
    var position = 0
    var depth = 0

    package static func parse(_ query: String) throws(LogQLError) -> LogQLExpression {
        var parser = try LogQLParser(query)
        let expression = try parser.expression(0)
        try parser.expectEnd()
        return expression
    }

    /// Reads matchers alone: `{app="x"}`.
    package static func parseMatchers(_ query: String) throws(LogQLError) -> [LabelMatcher] {
        var parser = try LogQLParser(query)
        let matchers = try parser.matchers()
        try parser.expectEnd()
        return matchers
    }

    private init(_ query: String) throws(LogQLError) {
        text = Array(query.utf8)
        guard text.count <= 128 << 10 else { throw LogQLError("the query is longer than 128 KiB") }
        tokens = try LogQLLexer.tokens(of: text)
    }

    // MARK: Tokens

    var token: LogQLToken { tokens[min(position, tokens.count - 1)] }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    func isMark(_ mark: String) -> Bool { token.kind == .mark(mark) }

    func isWord(_ word: String) -> Bool { token.kind == .word(word) }

    mutating func take(_ mark: String) -> Bool {
        guard isMark(mark) else { return false }
        advance()
        return true
    }

    func unexpected(_ expected: String? = nil) -> LogQLError {
        let hint = expected.map { ", expecting \($0)" } ?? ""
        return LogQLError("syntax error: unexpected \(token.description)\(hint)", at: token.offset, in: text)
    }

    func unsupported(_ what: String, at offset: Int) -> LogQLError {
        LogQLError("not supported by the embedded backend: \(what)", at: offset, in: text)
    }

    mutating func expect(_ mark: String) throws(LogQLError) {
        guard take(mark) else { throw unexpected(mark) }
    }

    private func expectEnd() throws(LogQLError) {
        guard token.kind == .end else { throw unexpected() }
    }

    mutating func name() throws(LogQLError) -> String {
        guard case .word(let name) = token.kind else { throw unexpected("IDENTIFIER") }
        advance()
        return name
    }

    mutating func string() throws(LogQLError) -> String {
        guard case .string(let text) = token.kind else { throw unexpected("STRING") }
        advance()
        return text
    }

    // MARK: Expressions

    private mutating func expression(_ precedence: Int) throws(LogQLError) -> LogQLExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw LogQLError("the query is nested too deeply", at: token.offset, in: text)
        }
        var left = try operand()
        while let operation = binaryOperation, operation.precedence > precedence {
            let offset = token.offset
            advance()
            if isWord("bool") || isWord("on") || isWord("ignoring") {
                throw unsupported("the modifiers bool, on, ignoring and group", at: token.offset)
            }
            // Powers bind to the right.
            let right = try expression(operation == .power ? operation.precedence - 1 : operation.precedence)
            guard !left.isLogs, !right.isLogs else {
                throw LogQLError(
                    "unexpected type for left or right leg of binary operation (\(operation.rawValue)): log lines",
                    at: offset,
                    in: text
                )
            }
            left = .binary(operation, left, right)
        }
        return left
    }

    private var binaryOperation: BinaryOperation? {
        switch token.kind {
        case .mark(let mark): BinaryOperation(rawValue: mark)
        case .word(let word): ["or", "and", "unless"].contains(word) ? BinaryOperation(rawValue: word) : nil
        default: nil
        }
    }

    private mutating func operand() throws(LogQLError) -> LogQLExpression {
        let start = token
        switch start.kind {
        case .mark("{"): return .logs(try selector())
        case .mark("("):
            advance()
            let inner = try expression(0)
            try expect(")")
            if case .logs(var selector) = inner {
                selector.stages += try stages()
                return .logs(selector)
            }
            return inner
        case .mark("-"), .mark("+"):
            advance()
            guard case .number(let value) = token.kind else { throw unexpected("NUMBER") }
            advance()
            return .number(start.kind == .mark("-") ? -value : value)
        case .number(let value):
            advance()
            return .number(value)
        case .word(let word): return try function(word, start)
        default: throw unexpected()
        }
    }

    private mutating func function(_ word: String, _ start: LogQLToken) throws(LogQLError) -> LogQLExpression {
        if let operation = RangeAggregation.Operation(rawValue: word) {
            advance()
            return .range(try rangeAggregation(operation))
        }
        if let operation = VectorAggregation.Operation(rawValue: word) {
            advance()
            return .aggregation(try aggregation(operation))
        }
        if word == "vector" {
            advance()
            try expect("(")
            let isNegative = take("-")
            guard case .number(let value) = token.kind else { throw unexpected("NUMBER") }
            advance()
            try expect(")")
            return .vector(isNegative ? -value : value)
        }
        let others = [
            "absent_over_time", "sum_over_time", "avg_over_time", "max_over_time", "min_over_time", "first_over_time",
            "last_over_time", "stdvar_over_time", "stddev_over_time", "quantile_over_time", "rate_counter",
            "label_replace", "stddev", "stdvar", "sort", "sort_desc", "approx_topk", "variants",
        ]
        if others.contains(word) { throw unsupported("the function \(word)", at: start.offset) }
        throw unexpected()
    }

    private mutating func rangeAggregation(_ operation: RangeAggregation.Operation) throws(LogQLError)
        -> RangeAggregation
    {
        try expect("(")
        var isBracketed = 0
        while take("(") { isBracketed += 1 }
        var selector = LogSelector(matchers: try matchers(), stages: [])
        // The range may stand before or behind the pipeline.
        var range = try self.range()
        selector.stages = try stages()
        for _ in 0..<isBracketed {
            try expect(")")
            selector.stages += try stages()
        }
        if let later = try self.range() {
            guard range == nil else { throw unexpected() }
            range = later
        }
        guard let range else { throw unexpected("[") }
        var offset: Int64 = 0
        if isWord("offset") {
            advance()
            let isNegative = take("-")
            guard case .duration(let value) = token.kind else { throw unexpected("DURATION") }
            advance()
            offset = isNegative ? -value : value
        }
        try expect(")")
        if isWord("by") || isWord("without") {
            throw LogQLError("grouping not allowed for \(operation.rawValue) aggregation", at: token.offset, in: text)
        }
        return RangeAggregation(operation: operation, selector: selector, range: range, offset: offset)
    }

    private mutating func range() throws(LogQLError) -> Int64? {
        guard take("[") else { return nil }
        guard case .duration(let value) = token.kind, value > 0 else { throw unexpected("DURATION") }
        advance()
        try expect("]")
        return value
    }

    private mutating func aggregation(_ operation: VectorAggregation.Operation) throws(LogQLError) -> VectorAggregation
    {
        var grouping = try self.grouping()
        let offset = token.offset
        try expect("(")
        var number = 0
        if operation.takesNumber {
            guard case .number(let value) = token.kind, value >= 1, value <= 100_000 else { throw unexpected("NUMBER") }
            number = Int(value)
            advance()
            try expect(",")
        }
        let operand = try expression(0)
        guard !operand.isLogs else {
            throw LogQLError("syntax error: \(operation.rawValue) needs samples, not log lines", at: offset, in: text)
        }
        try expect(")")
        if grouping == nil { grouping = try self.grouping() }
        return VectorAggregation(operation: operation, number: number, grouping: grouping, operand: operand)
    }

    private mutating func grouping() throws(LogQLError) -> VectorAggregation.Grouping? {
        let isBy = isWord("by")
        guard isBy || isWord("without") else { return nil }
        advance()
        try expect("(")
        var names: [String] = []
        while !take(")") {
            if !names.isEmpty { try expect(",") }
            names.append(try name())
        }
        return isBy ? .by(names) : .without(names)
    }

    // MARK: Selectors

    private mutating func selector() throws(LogQLError) -> LogSelector {
        LogSelector(matchers: try matchers(), stages: try stages())
    }

    private mutating func matchers() throws(LogQLError) -> [LabelMatcher] {
        try expect("{")
        var matchers: [LabelMatcher] = []
        while !take("}") {
            if !matchers.isEmpty { try expect(",") }
            let name = try name()
            matchers.append(try matcher(name))
        }
        var isBound = false
        for matcher in matchers where try !self.matches(matcher, "") { isBound = true }
        guard isBound else {
            throw LogQLError(
                "queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
                    + "For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will"
            )
        }
        return matchers
    }

    private func matches(_ matcher: LabelMatcher, _ value: String) throws(LogQLError) -> Bool {
        do {
            return try matcher.matches(value)
        } catch {
            throw LogQLError("\(error)")
        }
    }

    mutating func matcher(_ name: String) throws(LogQLError) -> LabelMatcher {
        guard case .mark(let mark) = token.kind, let operation = LabelMatcher.Operation(rawValue: mark) else {
            throw unexpected("=, !=, =~ or !~")
        }
        advance()
        let offset = token.offset
        let value = try string()
        do {
            return try LabelMatcher(name: name, operation: operation, value: value)
        } catch {
            throw LogQLError("\(error)", at: offset, in: text)
        }
    }
}
