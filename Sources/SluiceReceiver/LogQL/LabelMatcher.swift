// SPDX-License-Identifier: Apache-2.0

package import SluicePatterns

/// `name="value"`, `!=`, `=~`, `!~`. Patterns must match the whole value; a label that is not there is empty.
package struct LabelMatcher {
    package enum Operation: String {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case doesNotMatch = "!~"
    }

    package let name: String
    package let operation: Operation
    package let value: String
    private let pattern: RegularExpressionMatcher?

    package init(name: String, operation: Operation, value: String) throws(RegularExpression.Failure) {
        self.name = name
        self.operation = operation
        self.value = value
        switch operation {
        case .equal, .notEqual: pattern = nil
        case .matches, .doesNotMatch: pattern = try RegularExpression(value, isWhole: true).makeMatcher()
        }
    }

    package func matches(_ text: String) throws(RegularExpression.Failure) -> Bool {
        switch operation {
        case .equal: text == value
        case .notEqual: text != value
        case .matches: try pattern?.matches(text) ?? false
        case .doesNotMatch: try !(pattern?.matches(text) ?? false)
        }
    }
}

extension LabelMatcher: CustomStringConvertible {
    package var description: String { name + operation.rawValue + GoQuoting.quote(value) }
}
