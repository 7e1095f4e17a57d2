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
