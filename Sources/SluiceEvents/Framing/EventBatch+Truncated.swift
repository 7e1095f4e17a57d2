// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension EventBatch {
    /// Adds `log.flags: [truncated]`, as Filebeat has it, to the events that were cut. Called after parsing.
    ///
    /// - Returns: how many there are.
    package func flagTruncated() -> Int {
        var count = 0
        for event in 0..<events.count where events[event].flags.contains(.truncated) {
            count += 1
            setValue(FieldPath("log.flags"), kind: .array, json: ByteView("[\"truncated\"]"), of: event)
        }
        return count
    }
}
