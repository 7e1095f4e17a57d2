// SPDX-License-Identifier: Apache-2.0

/// Where something stands in a configuration file. Lines and columns count from 1, columns in characters.
package struct ConfigurationPosition: Hashable, Sendable, CustomStringConvertible {
    /// The path as the user gave it.
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The position of nodes that Swift code wrote down as literals.
    package static let literal = ConfigurationPosition(file: "<literal>", line: 0, column: 0)

    /// `file:line:column`, or the file alone where the problem is the file itself (line 0).
    package var description: String {
        line == 0 && self != .literal ? file : "\(file):\(line):\(column)"
    }
}

extension ConfigurationPosition: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        if left.file != right.file { return left.file < right.file }
        return (left.line, left.column) < (right.line, right.column)
    }
}
