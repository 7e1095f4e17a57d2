// SPDX-License-Identifier: Apache-2.0

/// The keys that an object is expected to have, in order: those of the line before, most likely.
///
/// A scanner that finds the very bytes `"key":` where it expects them need not look at them one by one, and whoever
/// reads its result knows which key it was.
package final class JSONKeySequence {
    private let text = ByteArena(capacity: 1024)
    /// Where member n begins, and behind it where it ends: one more than there are members.
    private let bounds = FlatArray<UInt32>(capacity: 64)

    package init() { bounds.append(0) }

    package var count: Int { bounds.count - 1 }

    package func removeAll() {
        text.removeAll()
        bounds.truncate(to: 1)
    }

    /// Adds a key as `"key":`, without escapes.
    package func append(_ member: ByteView) {
        text.append(member)
        bounds.append(UInt32(text.count))
    }

    /// `"key":`
    @inline(__always)
    func member(_ number: Int) -> ByteView { text.view(bounds[number], bounds[number + 1]) }
}
