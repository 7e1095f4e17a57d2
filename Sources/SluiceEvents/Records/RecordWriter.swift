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
        /// Where events come from that framing made of a file: its path and their common fields, as JSON.
        case source = 3
        /// Such an event.
        case event = 4
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

    func append(_ kind: Kind, _ text: ByteView) {
        appendHeader(kind, length: text.count)
        arena.append(text)
    }

    func appendHeader(_ kind: Kind, length: Int) {
        arena.append(kind.rawValue)
        append(number: UInt64(UInt32(truncatingIfNeeded: length)), bytes: 4)
        if kind == .event { messages += 1 }
    }

    /// The lowest byte first.
    func append(number: UInt64, bytes: UInt64) {
        for byte in 0..<bytes { arena.append(UInt8(truncatingIfNeeded: number >> (byte * 8))) }
    }
}
