// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Events of content that is gone: their lines were read, and nothing more will come.
struct UnendedEvents {
    var framing: FileFraming
    var place: FileFraming.Place

    /// Ends them and adds them to a batch.
    func flush(into batch: EventBatch, now: Int64, departed: (StateStore.Departure) -> Void) {
        let start = batch.arena.count
        try? framing.hand(on: batch, from: start, of: place, anchor: nil, now: now, departed: departed) { segment in
            framing.framer.flush(batch, segment: segment)
        }
    }
}
