// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes
package import SluicePatterns

/// Says for one line after the other whether it belongs to those before it. Belongs to one file.
package final class MultilineRule {
    package enum Decision: Sendable, Equatable {
        /// An event begins with the line; one that was open ends before it.
        case begins
        /// The line belongs to the open event.
        case continues
        /// The line belongs to the open event, and ends it.
        case ends
        /// The line is an event; one that was open ends before it.
        case alone
    }

    private enum Form {
        case pattern(RegularExpressionMatcher, negate: Bool, isAfter: Bool)
        case count(Int)
        case whilePattern(RegularExpressionMatcher, negate: Bool)
    }

    private let form: Form
    private let flush: RegularExpressionMatcher?
    /// What the pattern said of the line before.
    private var matchedBefore = false
    /// Lines of the open event.
    private var lines = 0
    /// How often a pattern was given up because it needed too long; it counts as not matching then.
    package private(set) var failures = 0

    package init(_ options: MultilineOptions) throws(RegularExpression.Failure) {
        switch options.rule {
        case .pattern(let pattern, let negate, let match):
            form = .pattern(try pattern.makeMatcher(), negate: negate, isAfter: match == .after)
        case .count(let count): form = .count(count)
        case .whilePattern(let pattern, let negate):
            form = .whilePattern(try pattern.makeMatcher(), negate: negate)
        }
        flush = try options.flushPattern?.makeMatcher()
    }

    /// Goes on where another one stands.
    func take(over other: MultilineRule) {
        matchedBefore = other.matchedBefore
        lines = other.lines
    }

    /// - Parameter isOpen: whether there are lines before it that have not ended their event.
    package func decide(_ text: ByteView, isOpen: Bool) -> Decision {
        switch form {
        case .pattern(let matcher, let negate, let isAfter):
            let matches = test(matcher, text) != negate
            defer { matchedBefore = matches }
            guard isOpen else { return .begins }
            // An event's first line is not asked whether it is the last.
            if let flush, test(flush, text) { return .ends }
            return (isAfter ? matches : matchedBefore) ? .continues : .begins
        case .count(let count):
            lines = isOpen ? lines + 1 : 1
            if lines >= count { return isOpen ? .ends : .alone }
            return isOpen ? .continues : .begins
        case .whilePattern(let matcher, let negate):
            guard test(matcher, text) != negate else { return .alone }
            return isOpen ? .continues : .begins
        }
    }

    private func test(_ matcher: RegularExpressionMatcher, _ text: ByteView) -> Bool {
        do throws(RegularExpression.Failure) {
            return try matcher.matches(text)
        } catch {
            failures += 1
            return false
        }
    }
}
