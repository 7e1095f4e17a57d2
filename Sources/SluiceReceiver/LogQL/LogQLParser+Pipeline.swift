// SPDX-License-Identifier: Apache-2.0

// What stands behind a selector.

extension LogQLParser {
    mutating func stages() throws(LogQLError) -> [PipelineStage] {
        var stages: [PipelineStage] = []
        while case .mark(let mark) = token.kind {
            if mark == "|>" || mark == "!>" { throw unsupported("pattern filters (\(mark))", at: token.offset) }
            if let operation = LineFilter.Operation(rawValue: mark) {
                stages.append(.line(try lineFilter(operation)))
            } else if mark == "|" {
                advance()
                stages.append(try stage())
            } else {
                break
            }
        }
        return stages
    }

    private mutating func lineFilter(_ operation: LineFilter.Operation) throws(LogQLError) -> LineFilter {
        advance()
        let offset = token.offset
        if isWord("ip") { throw unsupported("the filter ip()", at: offset) }
        var texts = [try string()]
        while isWord("or") {
            advance()
            texts.append(try string())
        }
        do {
            return try LineFilter(operation, texts)
        } catch {
            throw LogQLError("\(error)", at: offset, in: text)
        }
    }

    private mutating func stage() throws(LogQLError) -> PipelineStage {
        let start = token
        guard case .word(let word) = start.kind else {
            if isMark("(") { return .label(try labelFilter()) }
            throw unexpected()
        }
        switch word {
        case "json", "logfmt":
            advance()
            if case .word(let next) = token.kind, next != "and", next != "or" {
                throw unsupported("\(word) with chosen fields", at: token.offset)
            }
            if isMark("-") { throw unsupported("options of \(word)", at: token.offset) }
            return word == "json" ? .json : .logfmt
        case "drop", "keep":
            advance()
            var choices: [PipelineStage.Choice] = []
            repeat {
                let name = try name()
                var matcher: LabelMatcher?
                if case .mark(let mark) = token.kind, LabelMatcher.Operation(rawValue: mark) != nil {
                    matcher = try self.matcher(name)
                }
                choices.append(PipelineStage.Choice(name: name, matcher: matcher))
            } while take(",")
            return word == "drop" ? .drop(choices) : .keep(choices)
        case "line_format", "label_format", "regexp", "pattern", "unpack", "unwrap", "decolorize", "distinct":
            throw unsupported("the stage \(word)", at: start.offset)
        default: return .label(try labelFilter())
        }
    }

    /// `and` binds more tightly than `or`; a comma is an `and`.
    private mutating func labelFilter() throws(LogQLError) -> LabelFilter {
        var left = try conjunction()
        while isWord("or") {
            advance()
            left = .or(left, try conjunction())
        }
        return left
    }

    private mutating func conjunction() throws(LogQLError) -> LabelFilter {
        var left = try comparison()
        while true {
            if isWord("and") || isMark(",") {
                advance()
                left = .and(left, try comparison())
            } else if case .word(let word) = token.kind, word != "or", word != "offset" {
                // Side by side is an "and", too.
                left = .and(left, try comparison())
            } else {
                return left
            }
        }
    }

    private mutating func comparison() throws(LogQLError) -> LabelFilter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw LogQLError("the query is nested too deeply", at: token.offset, in: text)
        }
        if take("(") {
            let inner = try labelFilter()
            try expect(")")
            return inner
        }
        let name = try name()
        guard case .mark(let mark) = token.kind else { throw unexpected("an operator") }
        if LabelMatcher.Operation(rawValue: mark) != nil, position + 1 < tokens.count {
            if case .string = tokens[position + 1].kind { return .text(try matcher(name)) }
            if tokens[position + 1].kind == .word("ip") {
                throw unsupported("the filter ip()", at: tokens[position + 1].offset)
            }
        }
        guard let comparison = LabelFilter.Comparison(rawValue: mark == "=" ? "==" : mark) else {
            throw unexpected("an operator")
        }
        advance()
        let isNegative = take("-")
        let (value, unit): (Double, LabelFilter.Unit)
        switch token.kind {
        case .number(let number): (value, unit) = (number, .number)
        case .duration(let nanoseconds): (value, unit) = (Double(nanoseconds), .duration)
        case .bytes(let bytes): (value, unit) = (bytes, .bytes)
        default: throw unexpected("NUMBER, DURATION, BYTES or STRING")
        }
        advance()
        return .number(name: name, comparison: comparison, value: isNegative ? -value : value, unit: unit)
    }
}
