// SPDX-License-Identifier: Apache-2.0

/// A step that changes events. One belongs to one worker, and may keep scratch space.
package protocol Processor: AnyObject {
    /// Changes the selected events of a batch. Called once a batch; events that were dropped are not selected.
    func process(_ batch: EventBatch, selected: EventMask)
}
