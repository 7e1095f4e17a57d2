// SPDX-License-Identifier: Apache-2.0

package import SluicePatterns

/// A condition on labels behind a `|`: comparisons joined by `and` and `or`.
package indirect enum LabelFilter {
    package enum Comparison: String {
        case equal = "=="
        case notEqual = "!="
        case greater = ">"
        case greaterOrEqual = ">="
        case less = "<"
        case lessOrEqual = "<="

        package func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .equal: left == right
            case .notEqual: left != right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            case .less: left < right
            case .lessOrEqual: left <= right
            }
        }
    }

    /// What a number in the query is, and so how the label's text is read.
    package enum Unit {
        case number
        /// Nanoseconds.
        case duration
        case bytes
    }

    case text(LabelMatcher)
    case number(name: String, comparison: Comparison, value: Double, unit: Unit)
    case and(LabelFilter, LabelFilter)
    case or(LabelFilter, LabelFilter)

    /// - Parameter value: of a label, nil if there is none.
    package func keeps(_ value: (String) -> String?) throws(RegularExpression.Failure) -> Bool {
        switch self {
        case .text(let matcher): return try matcher.matches(value(matcher.name) ?? "")
        case .number(let name, let comparison, let wanted, let unit):
            guard let text = value(name) else { return false }
            let number: Double? =
                switch unit {
                case .number: Double(text)
                case .duration: DurationText.nanoseconds(text).map { Double($0) }
                case .bytes: ByteSizeText.bytes(text)
                }
            // Loki keeps what it cannot convert, and marks it with __error__.
            guard let number else { return true }
            return comparison.holds(number, wanted)
        case .and(let left, let right): return try left.keeps(value) ? right.keeps(value) : false
        case .or(let left, let right): return try left.keeps(value) ? true : right.keeps(value)
        }
    }
}
