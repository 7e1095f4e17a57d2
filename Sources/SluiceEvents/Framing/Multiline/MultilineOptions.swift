// SPDX-License-Identifier: Apache-2.0

package import SluicePatterns

/// Which lines belong together: Filebeat's options `multiline`
/// (https://www.elastic.co/docs/reference/beats/filebeat/multiline-examples).
package struct MultilineOptions: Sendable {
    package enum Rule: Sendable {
        /// Lines that the pattern matches (or with `negate` does not match) belong to a line beside them.
        case pattern(RegularExpression, negate: Bool, match: Match)
        /// So many lines are an event.
        case count(Int)
        /// Lines one after the other that the pattern matches (or with `negate` does not match) are an event.
        case whilePattern(RegularExpression, negate: Bool)
    }

    package enum Match: String, CaseIterable, Sendable {
        /// Such a line belongs to the one before it.
        case after
        /// Such a line belongs to the one behind it.
        case before
    }

    package var rule: Rule
    /// A line that it matches is an event's last; only with the rule `pattern`.
    package var flushPattern: RegularExpression?
    /// Of more lines than this an event has the first ones; 0 for any number.
    package var maximumLines = 500
    /// An event ends if no line comes for this long, in nanoseconds; 0 for never.
    package var timeout: Int64 = 5_000_000_000
    /// Lines are put together without a line feed between them.
    package var skipsNewline = false

    package init(_ rule: Rule) { self.rule = rule }

    private enum Kind: String, CaseIterable {
        case pattern, count
        case whilePattern = "while_pattern"
    }

    /// Reads `type`, `pattern`, `negate`, `match`, `max_lines`, `timeout`, `flush_pattern`, `count_lines` and
    /// `skip_newline`. Nil if something that matters is wrong, and reported.
    package init?(_ section: ConfigurationSection) {
        // Filebeat's documentation has an underscore in it, its code a hyphen.
        let isHyphened = section.node("type")?.text == "while-pattern"
        let kind = isHyphened ? .whilePattern : section.choice("type", of: Kind.self, default: .pattern)
        let pattern = section.pattern("pattern")
        let negate = section.boolean("negate", default: false)
        let match = section.optionalChoice("match", of: Match.self)
        flushPattern = section.pattern("flush_pattern")
        maximumLines = section.integer("max_lines", default: 500, in: 0...1_000_000)
        timeout = section.duration("timeout", default: 5_000_000_000)
        let count = section.optionalInteger("count_lines", in: 1...1_000_000)
        skipsNewline = section.boolean("skip_newline", default: false)
        switch kind {
        case .pattern:
            if section.node("match")?.isNull != false {
                section.reportMissing("match", expected: "after (a line belongs to the one before it) or before")
            }
            guard let pattern = pattern ?? Self.missing(section), let match else { return nil }
            rule = .pattern(pattern, negate: negate, match: match)
        case .whilePattern:
            guard let pattern = pattern ?? Self.missing(section) else { return nil }
            rule = .whilePattern(pattern, negate: negate)
            flushPattern = nil
        case .count:
            guard let count else {
                if section.node("count_lines")?.isNull != false {
                    section.reportMissing("count_lines", expected: "the number of lines of an event")
                }
                return nil
            }
            rule = .count(count)
            flushPattern = nil
            // Nothing but the count ends an event, and it says itself how many lines there are.
            timeout = 0
            maximumLines = 0
        }
    }

    private static func missing(_ section: ConfigurationSection) -> RegularExpression? {
        if section.node("pattern")?.isNull != false {
            section.reportMissing("pattern", expected: "a regular expression, such as '^[[:space:]]'")
        }
        return nil
    }
}
