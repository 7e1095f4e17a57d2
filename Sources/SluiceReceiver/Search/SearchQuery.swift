// SPDX-License-Identifier: Apache-2.0

/// What a search looks for.
package indirect enum SearchQuery: Equatable {
    case all
    case none
    /// The field's whole value, or one word of it.
    case term(FieldPath, String)
    case terms(FieldPath, [String])
    /// Words: one of them, or all.
    case match(FieldTarget, words: [[UInt8]], text: String, needsAll: Bool)
    /// Words one after another; the last may be the beginning of one.
    case phrase(FieldTarget, words: [[UInt8]], isPrefix: Bool)
    case range(FieldPath, RangeBounds)
    case exists(FieldPath)
    case ids([String])
    /// `*` and `?` in the field's whole value or in one word of it.
    case wildcard(FieldTarget, WildcardPattern)
    case boolean(BooleanQuery)

    /// One field, or any.
    package enum FieldTarget: Equatable {
        case field(FieldPath)
        case any
    }
}
