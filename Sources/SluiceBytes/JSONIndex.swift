// SPDX-License-Identifier: Apache-2.0

/// Where the parts of one JSON value lie: its kind, and the members of the object or elements of the array it is.
///
/// Nested values are validated and left as they stand; scan a child's range to look inside it. An index is made once
/// and filled again for every text, so that scanning allocates nothing.
@usableFromInline
package final class JSONIndex {
    /// A member of an object, or an element of an array (whose key is empty).
    @usableFromInline
    package struct Child: BitwiseCopyable {
        /// The key between its quotes, escapes as they stand.
        @usableFromInline package var keyStart: UInt32
        @usableFromInline package var keyEnd: UInt32
        /// The value; for a string the quotes are included.
        @usableFromInline package var valueStart: UInt32
        @usableFromInline package var valueEnd: UInt32
        @usableFromInline package var kind: JSONKind
        @usableFromInline package var keyIsEscaped: Bool
        /// Whether it is the key that was expected in its place.
        @usableFromInline package var isExpected = false
        /// How many members or elements the value itself has.
        @usableFromInline package var childCount: UInt32 = 0

        @inlinable package var key: Range<Int> { Int(keyStart)..<Int(keyEnd) }
        @inlinable package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
        /// From the key's opening quote to the end of the value.
        @inlinable package var member: Range<Int> { Int(keyStart) - 1..<Int(valueEnd) }

        @inlinable
        init(
            keyStart: UInt32,
            keyEnd: UInt32,
            valueStart: UInt32,
            valueEnd: UInt32,
            kind: JSONKind,
            keyIsEscaped: Bool
        ) {
            self.keyStart = keyStart
            self.keyEnd = keyEnd
            self.valueStart = valueStart
            self.valueEnd = valueEnd
            self.kind = kind
            self.keyIsEscaped = keyIsEscaped
        }
    }

    /// What is known of the value itself.
    @usableFromInline
    struct Root: BitwiseCopyable {
        var kind = JSONKind.null
        var start = 0
        var end = 0
        var hasLineFeed = false
    }

    /// Not fields of the class, for the same reason as in `ByteArena`.
    private let root = FlatArray<Root>(capacity: 1)

    package var kind: JSONKind { root[0].kind }
    /// The value without the white space around it.
    package var start: Int { root[0].start }
    package var end: Int { root[0].end }
    /// Whether there is a line feed between the tokens, where it is white space.
    package var hasLineFeed: Bool { root[0].hasLineFeed }
    @usableFromInline package let children = FlatArray<Child>(capacity: 64)

    /// No expectation.
    let noKeys = JSONKeySequence()

    package init() { root.append(Root()) }

    func setRoot(kind: JSONKind, start: Int, end: Int, hasLineFeed: Bool) {
        root[0] = Root(kind: kind, start: start, end: end, hasLineFeed: hasLineFeed)
    }
}
