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
        /// Two children with the same one, other than 0, have the same key (of texts scanned into one index).
        @usableFromInline package var keySerial: UInt32
        @usableFromInline package var kind: JSONKind
        @usableFromInline package var keyIsEscaped: Bool

        @inlinable package var key: Range<Int> { Int(keyStart)..<Int(keyEnd) }
        @inlinable package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
        /// From the key's opening quote to the end of the value.
        @inlinable package var member: Range<Int> { Int(keyStart) - 1..<Int(valueEnd) }

        @inlinable
        init(
            keyStart: UInt32 = 0,
            keyEnd: UInt32 = 0,
            valueStart: UInt32,
            valueEnd: UInt32,
            keySerial: UInt32 = 0,
            kind: JSONKind,
            keyIsEscaped: Bool = false
        ) {
            self.keyStart = keyStart
            self.keyEnd = keyEnd
            self.valueStart = valueStart
            self.valueEnd = valueEnd
            self.keySerial = keySerial
            self.kind = kind
            self.keyIsEscaped = keyIsEscaped
        }
    }

    // As in `FlatArray`, exclusive access is the holder's duty and is not checked at run time.
    @safe @exclusivity(unchecked) @usableFromInline var rootKind = JSONKind.null
    @safe @exclusivity(unchecked) @usableFromInline var rootStart = 0
    @safe @exclusivity(unchecked) @usableFromInline var rootEnd = 0
    @safe @exclusivity(unchecked) @usableFromInline var sawLineFeed = false

    @inlinable package var kind: JSONKind { rootKind }
    /// The value without the white space around it.
    @inlinable package var start: Int { rootStart }
    @inlinable package var end: Int { rootEnd }
    /// Whether there is a line feed between the tokens, where it is white space.
    @inlinable package var hasLineFeed: Bool { sawLineFeed }
    @usableFromInline package let children = FlatArray<Child>(capacity: 64)

    let keyMemory: JSONKeyMemory?

    /// - Parameter remembersKeys: for objects that mostly have the keys of the one before, such as the lines of a log.
    package init(remembersKeys: Bool = false) { keyMemory = remembersKeys ? JSONKeyMemory() : nil }
}
