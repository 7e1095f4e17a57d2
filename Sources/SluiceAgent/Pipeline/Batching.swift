// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// When a batch that is being filled is handed on.
package struct Batching: Sendable, Equatable {
    /// Bytes of text.
    package var bytes: Int
    package var events: Int
    /// Nanoseconds after the first event.
    package var timeout: Int64

    package init(bytes: Int, events: Int, timeout: Int64) {
        self.bytes = bytes
        self.events = events
        self.timeout = timeout
    }

    /// What suits all outputs of a pipeline: a batch is to be one request of each. What a request costs is shared by its
    /// events, so it is to be a large one.
    package init(_ outputs: [OutputOptions]) {
        // Ids and fields make a body twice as large as the text.
        let request = (outputs.map(\.bulkMaximumBytes).min() ?? 2 * Self.largest) / 2
        // A body that is not compressed waits for its turn as it is, twice as large as the text: such batches are smaller,
        // so that memory has the same bound.
        let most = outputs.allSatisfy { $0.compressionLevel > 0 } ? Self.largest : 768 << 10
        // The turn of reading that fills a batch goes beyond these.
        bytes = max(64 << 10, min(most, request) - TailedFile.turn)
        events = min(10_000, outputs.map(\.bulkMaximumEvents).min() ?? 10_000)
        timeout = outputs.map(\.flushTimeout).min() ?? 200_000_000
    }

    private static let largest = 2 << 20

    /// Whether a batch is to be handed on.
    ///
    /// - Parameter last: events that its last part brought: with another like it, it would be more than a request may
    ///   have, and become two.
    package func isFull(_ batch: EventBatch, last: Int) -> Bool {
        batch.arena.count >= bytes || batch.events.count + max(1, last) > events
    }
}
