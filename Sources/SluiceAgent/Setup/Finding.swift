// SPDX-License-Identifier: Apache-2.0

/// How it stands with one address of a destination.
package struct Finding: Sendable, Equatable {
    package enum Verdict: Int, Sendable, Comparable {
        case fine
        /// It may be different later.
        case unavailable
        /// Waiting does not help: a person must mend something.
        case misconfigured

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package var verdict: Verdict
    /// One line: what is wrong first, what to do last.
    package var words: String

    package init(_ verdict: Verdict, _ words: String) {
        self.verdict = verdict
        self.words = words
    }

    package static func fine(_ words: String) -> Finding { Finding(.fine, words) }
    package static func unavailable(_ words: String) -> Finding { Finding(.unavailable, words) }
    package static func misconfigured(_ words: String) -> Finding { Finding(.misconfigured, words) }
}
