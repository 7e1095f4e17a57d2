// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What an event was, so that it can be put back. What fields point to in the arena does not change, so their row is
/// all there is to keep.
package final class EventSnapshot {
    private var event: Event?
    private let fields = FlatArray<EventField>(capacity: 64)

    package init() {}

    package func take(_ number: Int, of batch: EventBatch) {
        let event = batch.events[number]
        self.event = event
        fields.removeAll()
        let first = Int(event.firstField)
        for index in first..<(first + Int(event.fieldCount)) { fields.append(batch.fields[index]) }
    }

    /// Makes the event what it was when the snapshot was taken.
    package func restore(_ number: Int, of batch: EventBatch) {
        guard let event else { return }
        batch.events[number] = event
        for index in 0..<fields.count { batch.fields[Int(event.firstField) + index] = fields[index] }
    }
}
