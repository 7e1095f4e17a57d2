// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Synchronization

/// A batch that has been processed and waits for its outputs. From here on nobody changes it.
final class BatchInFlight: Sendable {
    let batch: EventBatch
    /// The name of the input that it comes from.
    let input: String
    /// Row of the generation and range of each segment.
    let ranges: [(row: Int64, range: Range<Int64>)]
    private let remaining: Atomic<Int>
    private let onDone: @Sendable (EventBatch) -> Void

    /// - Parameter outputs: how many have to be done with it.
    init(
        _ batch: EventBatch,
        input: String = "",
        ranges: [(row: Int64, range: Range<Int64>)],
        outputs: Int,
        onDone: @escaping @Sendable (EventBatch) -> Void
    ) {
        self.batch = batch
        self.input = input
        self.ranges = ranges
        remaining = Atomic(outputs)
        self.onDone = onDone
    }

    /// One output is done with it.
    func release() {
        if remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { onDone(batch) }
    }
}
