// SPDX-License-Identifier: Apache-2.0

/// What a JSON value is, as far as its first bytes and its scan tell.
@usableFromInline
package enum JSONKind: UInt8, Sendable, BitwiseCopyable {
    /// A string without escapes: the bytes between its quotes are its text.
    case string
    /// A string with at least one backslash escape.
    case escapedString
    /// A number without fraction and exponent, of any length.
    case integer
    /// A number with a fraction, an exponent, or both.
    case double
    case `true`
    case `false`
    case null
    case object
    case array

    @inlinable package var isString: Bool { self == .string || self == .escapedString }
    @inlinable package var isNumber: Bool { self == .integer || self == .double }
    @inlinable package var isBoolean: Bool { self == .true || self == .false }
}
