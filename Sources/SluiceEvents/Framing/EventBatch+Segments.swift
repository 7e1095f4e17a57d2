// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension EventBatch {
    /// Takes the last segment away if it has no bytes and no events: what was read made none.
    package func removeEmptySegment() {
        guard let last = segments.last, last.start == last.end else { return }
        if !events.isEmpty, Int(events[events.count - 1].segment) == segments.count - 1 { return }
        segments.removeLast()
    }
}
