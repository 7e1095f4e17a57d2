// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Writes messages one behind the other, so that they can be kept and read again: what a queue's bytes are.
///
/// A record is a byte that says its kind, four bytes with its length, the lowest first, and its text. An `origin` record
/// says where the messages behind it come from, as the JSON of their common field `log`; empty for nowhere. Readers begin
/// where a part begins, so each part says its origin anew.
package final class RecordWriter {
    package enum Kind: UInt8, Sendable {
        case message = 0
        /// A message that was longer than allowed.
        case truncatedMessage = 1
        case origin = 2
    }

    package static let headerLength = 5

    package let arena: ByteArena
    package private(set) var messages = 0
    private var origin = ""

    package init(capacity: Int = 4096) { arena = ByteArena(capacity: capacity) }

    package var count: Int { arena.count }

    /// - Parameter origin: where it comes from: JSON, or empty.
    package func append(_ message: ByteView, origin: String = "", isTruncated: Bool = false) {
        if origin != self.origin {
            self.origin = origin
            origin.withByteView { append(.origin, $0) }
        }
        append(isTruncated ? .truncatedMessage : .message, message)
        messages += 1
    }

    private func append(_ kind: Kind, _ text: ByteView) {
        arena.append(kind.rawValue)
        let length = UInt32(truncatingIfNeeded: text.count)
        for shift: UInt32 in [0, 8, 16, 24] { arena.append(UInt8(truncatingIfNeeded: length >> shift)) }
        arena.append(text)
    }
}
