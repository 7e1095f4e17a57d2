// SPDX-License-Identifier: Apache-2.0

/// The parameters of a query, read with Loki's defaults.
struct LokiQuestion: Sendable {
    let parameters: QueryParameters
    /// Nanoseconds since 1970.
    let now: Int64

    typealias Refusal = LokiQueryAPI.Refusal

    func time(_ name: String) throws -> Int64? {
        guard let text = parameters[name], !text.isEmpty else { return nil }
        guard let time = LokiTimeParameter.nanoseconds(text) else {
            throw Refusal("could not parse '\(name)' parameter: cannot parse \"\(text)\" to a valid timestamp")
        }
        return time
    }

    /// From `start`, `end` and `since`; the end is not part of it.
    ///
    /// - Parameter default: nanoseconds back from the end, if there is no start.
    func span(default length: Int64) throws -> Range<Int64> {
        let end = try time("end") ?? now
        var back = length
        if let text = parameters["since"], !text.isEmpty {
            guard let since = LokiTimeParameter.duration(text) else {
                throw Refusal("could not parse 'since' parameter: \"\(text)\" is no duration")
            }
            back = since
        }
        let start = try time("start") ?? (min(end, now) - back)
        guard start <= end else { throw Refusal("end timestamp must not be before or equal to start time") }
        return start..<end
    }

    /// The step of a range query; by default it makes some 250 steps.
    func step(_ span: Range<Int64>) throws -> Int64 {
        let text = parameters["step"].flatMap { $0.isEmpty ? nil : $0 }
        guard let text else {
            return max((span.upperBound - span.lowerBound) / 250 / 1_000_000_000, 1) * 1_000_000_000
        }
        guard let step = LokiTimeParameter.duration(text) else {
            throw Refusal("cannot parse \"\(text)\" to a valid duration")
        }
        guard step > 0 else {
            throw Refusal("zero or negative query resolution step widths are not accepted. Try a positive integer")
        }
        return step
    }

    func integer(_ name: String, default value: Int) throws -> Int {
        guard let text = parameters[name], !text.isEmpty else { return value }
        guard let number = Int(text) else { throw Refusal("could not parse '\(name)' parameter: \"\(text)\"") }
        return number
    }

    func isForward() throws -> Bool {
        switch (parameters["direction"] ?? "").lowercased() {
        case "", "backward": return false
        case "forward": return true
        case let other: throw Refusal("invalid direction '\(other)'")
        }
    }

    func expression() throws -> LogQLExpression {
        guard let query = parameters["query"], !query.isEmpty else {
            throw Refusal("parse error : syntax error: unexpected $end")
        }
        return try LogQLParser.parse(query)
    }

    /// A selector, which must be given.
    func selector() throws -> LogSelector {
        guard case .logs(let selector) = try expression() else { throw Refusal("only log selector is supported") }
        return selector
    }

    /// The matchers of a selector that may be missing (or be `{}`): then all streams are meant.
    func matchers(_ name: String) throws -> [LabelMatcher] {
        let text = parameters[name] ?? ""
        if text.filter({ $0 != " " }) == "{}" || text.isEmpty { return [] }
        guard case .logs(let selector) = try LogQLParser.parse(text) else {
            throw Refusal("only log selector is supported")
        }
        return selector.matchers
    }

    /// Those of `match[]` and `match`, any of which may match; none means all streams.
    func allMatchers() throws -> [[LabelMatcher]] {
        let texts = parameters.all("match[]") + parameters.all("match")
        var groups: [[LabelMatcher]] = []
        for text in texts where text.filter({ $0 != " " }) != "{}" {
            groups.append(try LogQLParser.parseMatchers(text))
        }
        return groups.isEmpty ? [[]] : groups
    }
}
