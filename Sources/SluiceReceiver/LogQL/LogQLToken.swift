// SPDX-License-Identifier: Apache-2.0

/// A piece of a query, and where it begins.
package struct LogQLToken: Equatable {
    package enum Kind: Equatable {
        case word(String)
        case string(String)
        case number(Double)
        /// Nanoseconds.
        case duration(Int64)
        /// A size with its unit, in bytes.
        case bytes(Double)
        /// Brackets and operators.
        case mark(String)
        case end
    }

    package var kind: Kind
    /// In bytes from the start of the query.
    package var offset: Int

    /// As it is named in error messages.
    package var description: String {
        switch kind {
        case .word(let text): "IDENTIFIER \"\(text)\""
        case .string(let text): "STRING \(GoQuoting.quote(text))"
        case .number(let value): "NUMBER \(GoNumber.text(value))"
        case .duration: "DURATION"
        case .bytes: "BYTES"
        case .mark(let text): text
        case .end: "$end"
        }
    }
}
