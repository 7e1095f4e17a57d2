// SPDX-License-Identifier: Apache-2.0

/// How long values and lines may be.
public struct LogLimits: Sendable, Hashable {
    /// Text that is longer than this many bytes of UTF-8 is cut, before a whole character, and `…[123 bytes cut]` stands
    /// behind it. Messages are values, too. Of arrays and objects what would begin beyond it is left out, and `…` stands
    /// there.
    public var valueBytes: Int?
    /// Of a line that would be longer than this many bytes, fields are left out, the last ones first, and `truncated`
    /// says how many; if that does not suffice, the error is reduced to its type and the message is cut. What the layout
    /// itself writes always stays. At least 512.
    public var lineBytes: Int?

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - valueBytes: of a value's text; nil for none.
    ///   - lineBytes: of a line with its newline; nil for none.
    public init(valueBytes: Int? = nil, lineBytes: Int? = nil) {
        self.valueBytes = valueBytes
        self.lineBytes = lineBytes
    }
}
