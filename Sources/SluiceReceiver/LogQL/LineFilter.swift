// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes
package import SluicePatterns

/// `|= "text"`, `!=`, `|~ "pattern"`, `!~`, with alternatives (`|= "a" or "b"`).
package struct LineFilter {
    package enum Operation: String {
        case contains = "|="
        case containsNot = "!="
        case matches = "|~"
        case matchesNot = "!~"

        package var isPattern: Bool { self == .matches || self == .matchesNot }
        package var isNegative: Bool { self == .containsNot || self == .matchesNot }
    }

    package let operation: Operation
    package let texts: [String]
    private let needles: [TextNeedle]
    private let patterns: [RegularExpressionMatcher]

    package init(_ operation: Operation, _ texts: [String]) throws(RegularExpression.Failure) {
        self.operation = operation
        self.texts = texts
        needles = texts.map { TextNeedle($0) }
        var patterns: [RegularExpressionMatcher] = []
        if operation.isPattern {
            for text in texts { patterns.append(try RegularExpression(text).makeMatcher()) }
        }
        self.patterns = patterns
    }

    /// Whether the line stays.
    package func keeps(_ line: ByteView) throws(RegularExpression.Failure) -> Bool {
        var isFound = false
        if operation.isPattern {
            for pattern in patterns where !isFound { isFound = try pattern.matches(line) }
        } else {
            for needle in needles where !isFound { isFound = needle.isIn(line) }
        }
        return isFound != operation.isNegative
    }
}
