// SPDX-License-Identifier: Apache-2.0

/// Turns the raw text of a batch's events into fields. One belongs to one worker, and may keep scratch space.
package protocol EventParser: AnyObject {
    /// Gives every event of the batch its fields. What cannot be parsed keeps its text as `message`.
    ///
    /// - Returns: how many events could not be parsed.
    func parse(_ batch: EventBatch) -> Int
}
