// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// One request that an output is going to send, and which events of the batch are in it.
package struct OutputRequest: Sendable {
    /// Path and query, to be added to the output's address.
    package var target: String
    package var contentType: String
    /// The body as it is sent.
    package var body: ByteBuffer
    package var isCompressed: Bool
    /// The body's bytes before compression.
    package var plainBytes: Int
    /// Indices in the batch, in the order in which they stand in the body.
    package var events: [Int32]
    /// The batch's number: they count from 1 without gaps. What keeps an order needs it; `Delivery` says it.
    package var batch: UInt64 = 0
    /// Whether it is the last request of its batch, as far as is known before the answer.
    package var endsBatch = true
    /// Events are always posted.
    package var method = DestinationRequest.Method.post

    package init(
        target: String,
        contentType: String,
        body: ByteBuffer,
        isCompressed: Bool,
        plainBytes: Int,
        events: [Int32]
    ) {
        self.target = target
        self.contentType = contentType
        self.body = body
        self.isCompressed = isCompressed
        self.plainBytes = plainBytes
        self.events = events
    }
}
