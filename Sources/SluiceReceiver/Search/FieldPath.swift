// SPDX-License-Identifier: Apache-2.0

/// The name of a field in a query: `a.b.c`, whether the document nests its objects or has dots in its keys.
package struct FieldPath: Equatable, Hashable, Sendable {
    package let name: String
    package let bytes: [UInt8]
    /// It ended in `.keyword`, the sub-field that Elasticsearch makes of text by default: the whole value is meant.
    package let isKeyword: Bool

    package init(_ text: String) {
        isKeyword = text.hasSuffix(".keyword")
        name = isKeyword ? String(text.dropLast(8)) : text
        bytes = Array(name.utf8)
    }

    package var isTimestamp: Bool { name == "@timestamp" }
}
