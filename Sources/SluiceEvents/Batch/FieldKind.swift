// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// What the bytes of a field's value are.
package enum FieldKind: UInt8, Sendable, BitwiseCopyable {
    // The kinds of JSON text. Strings include their quotes.
    case string, escapedString, integer, double, `true`, `false`, null, object, array
    /// Raw text as it was read, which becomes a JSON string when it is encoded.
    case text
    /// The field has been dropped; it stays in its place until the batch is recycled.
    case removed

    @inlinable
    package init(_ kind: JSONKind) {
        self = FieldKind(rawValue: kind.rawValue) ?? .null
    }

    package var isString: Bool { self == .string || self == .escapedString || self == .text }
    package var isNumber: Bool { self == .integer || self == .double }
}
