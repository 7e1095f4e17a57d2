// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Open events of a file that gets no more lines: its content is gone, or it was rotated and they go on in another.
struct UnendedEvents {
    var framing: FileFraming
    var place: FileFraming.Place
    /// By which it is known what was read of the file.
    var anchor: FileFingerprint?

    /// Ends them and adds them to a batch.
    func flush(into batch: EventBatch, now: Int64, departed: (StateStore.Departure) -> Void) {
        let start = batch.arena.count
        try? framing.hand(on: batch, from: start, of: place, anchor: anchor, now: now, departed: departed) { segment in
            framing.framer.flush(batch, segment: segment)
        }
    }
}
