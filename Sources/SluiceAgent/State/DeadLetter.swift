// SPDX-License-Identifier: Apache-2.0

/// An event that an output refused for good: kept in state, in the same transaction as the progress past it.
package struct DeadLetter: Sendable, Equatable {
    package var output: String
    /// The event's id.
    package var identifier: String
    package var path: String
    package var offset: Int64
    /// The event's time, nanoseconds since 1970.
    package var time: Int64
    /// The status of the answer, or of the item in it.
    package var status: Int
    package var reason: String
    /// The raw text, as it was read.
    package var text: [UInt8]
    /// The input that read it; empty for letters of an older Sluice.
    package var input = ""
    /// Of ``Event/Flags``, what framing found.
    package var flags: UInt16 = 0
    /// What its source gave every event, as one JSON object: the file, the container, the input's own fields.
    package var fields = "{}"
    /// When it was refused, nanoseconds since 1970; 0 for letters of an older Sluice.
    package var refused: Int64 = 0

    /// What it takes on the disk, near enough: the text, what is said of it, and a row.
    package var size: Int64 {
        let words = [identifier, identifier, path, reason, fields].reduce(0) { $0 + $1.utf8.count }
        return Int64(text.count + words + Self.rowSize)
    }

    /// Of a row and its places in indices, in bytes.
    package static let rowSize = 100

    package init(
        output: String,
        identifier: String,
        path: String,
        offset: Int64,
        time: Int64,
        status: Int,
        reason: String,
        text: [UInt8]
    ) {
        self.output = output
        self.identifier = identifier
        self.path = path
        self.offset = offset
        self.time = time
        self.status = status
        self.reason = reason
        self.text = text
    }
}
