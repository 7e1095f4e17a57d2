// SPDX-License-Identifier: Apache-2.0

/// A version as servers write theirs: `8.19.0`, `3.0.0-SNAPSHOT`.
package struct ServerVersion: Sendable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    package init(_ major: Int, _ minor: Int = 0) {
        self.major = major
        self.minor = minor
    }

    /// Nil if the text does not begin with two numbers.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).prefix(2).map { part in
            Int(part.prefix { $0.isASCII && $0.isNumber })
        }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
