// SPDX-License-Identifier: Apache-2.0

/// A question about events. One belongs to one worker, and may keep scratch space.
package protocol Condition: AnyObject {
    /// For which of the batch's events it holds.
    func evaluate(_ batch: EventBatch) -> EventMask
}
