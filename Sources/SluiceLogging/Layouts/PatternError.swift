// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a format string.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, where, and what would be right; columns count bytes, from 1.
    public let description: String

    init(_ description: String) { self.description = description }
}
