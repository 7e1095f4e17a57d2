// SPDX-License-Identifier: Apache-2.0

/// A step that changes events. One belongs to one worker, and may keep scratch space.
package protocol Processor: AnyObject {
    /// Changes the selected events of a batch. Called once a batch; events that were dropped are not selected.
    ///
    /// An event that it cannot do its work on it leaves as it was and reports with `EventBatch.markFailed`.
    func process(_ batch: EventBatch, selected: EventMask)

    /// Whether it can drop events.
    var mayDrop: Bool { get }
}

extension Processor {
    package var mayDrop: Bool { false }
}
