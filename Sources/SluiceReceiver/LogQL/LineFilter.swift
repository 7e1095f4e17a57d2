// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `|= "text"`, `!=`, `|~ "pattern"`, `!~`, with alternatives (`|= "a" or "b"`).
struct LineFilter {
    enum Operation: String {
        case contains = "|="
        case containsNot = "!="
        case matches = "|~"
        case matchesNot = "!~"

        var isPattern: Bool { self == .matches || self == .matchesNot }
        var isNegative: Bool { self == .containsNot || self == .matchesNot }
    }

    let operation: Operation
    let texts: [String]
    private let needles: [[UInt8]]
    private let patterns: [RegularExpression]

    init(_ operation: Operation, _ texts: [String]) throws(RegularExpression.Failure) {
        self.operation = operation
        self.texts = texts
        needles = texts.map { Array($0.utf8) }
        var patterns: [RegularExpression] = []
        if operation.isPattern {
            for text in texts { patterns.append(try RegularExpression(text, isWhole: false)) }
        }
        self.patterns = patterns
    }

    /// Whether the line stays.
    func keeps(_ line: ByteView) throws(RegularExpression.Failure) -> Bool {
        var isFound = false
        if operation.isPattern {
            for pattern in patterns where !isFound { isFound = try pattern.matches(line) }
        } else {
            for needle in needles where !isFound { isFound = needle.withByteView { line.contains($0) } }
        }
        return isFound != operation.isNegative
    }
}
