// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// One of the forms that a push request is written in: streams, and in each its entries.
protocol PushBody {
    static var contentType: String { get }
    /// How the stream table writes labels for it.
    static var labels: StreamTable.Form { get }

    init()
    mutating func beginRequest(_ body: ByteArena)
    mutating func beginStream(_ labels: ByteView, _ body: ByteArena)
    /// Adds an entry to the stream.
    ///
    /// - Parameters:
    ///   - time: nanoseconds since 1970.
    ///   - isTrusted: the line is known to be UTF-8.
    ///   - metadata: what `appendMetadata` has written.
    mutating func appendEntry(
        _ time: Int64,
        _ line: ByteView,
        isTrusted: Bool,
        metadata: ByteView,
        _ body: ByteArena
    )
    /// Adds a piece of an entry's structured metadata to those in `metadata`.
    func appendMetadata(_ name: String, _ value: ByteView, _ metadata: ByteArena)
    mutating func endStream(_ body: ByteArena)
    mutating func endRequest(_ body: ByteArena)
}
