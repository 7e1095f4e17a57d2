// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Synchronization

/// Where inputs hand their batches over: gives each its number, has state note it, and queues it for the workers.
final class Intake: Sendable {
    /// A batch, and the input it comes from.
    struct Delivery: Sendable {
        var batch: EventBatch
        var input: Int
        var ranges: [(row: Int64, range: Range<Int64>)]
    }

    private let sequence = Mutex<UInt64>(0)
    private let state: StateStore
    let queue: BlockingQueue<Delivery>
    /// Of the pipeline's events.
    let ledger: EventLedger

    init(state: StateStore, capacity: Int, ledger: EventLedger) {
        self.state = state
        self.ledger = ledger
        queue = BlockingQueue(capacity: capacity)
    }

    /// How many batches have been handed over.
    var count: UInt64 { sequence.withLock { $0 } }

    /// Hands a batch over. Waits while the queue is full.
    func submit(_ batch: EventBatch, input: Int, _ departures: [StateStore.Departure]) {
        let ranges = departures.map { (row: $0.row, range: $0.underWay.range) }
        // The order of numbers is the order in which state learns of them.
        sequence.withLock { sequence in
            sequence += 1
            batch.sequence = sequence
            state.begin(sequence: sequence, departures)
        }
        queue.push(Delivery(batch: batch, input: input, ranges: ranges))
    }
}
