// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A question about events. One belongs to one worker, and may keep scratch space.
package protocol Condition: AnyObject {
    /// Takes the events for which it does not hold out of `selected`.
    func filter(_ selected: inout EventMask, of batch: EventBatch)
}

extension Condition {
    /// For which of the batch's events it holds.
    package func evaluate(_ batch: EventBatch) -> EventMask {
        var selected = EventMask(count: batch.events.count, isSet: true)
        filter(&selected, of: batch)
        return selected
    }
}
