// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells threads to end, and lets them sleep until then.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }

    /// - Returns: false if it was told to end.
    @discardableResult
    func sleep(milliseconds: Int) -> Bool {
        let end = MachineClock.monotonic() + Int64(milliseconds) * MachineClock.millisecond
        while !isSet {
            let left = (end - MachineClock.monotonic()) / MachineClock.millisecond
            if left <= 0 { return true }
            MachineClock.sleep(milliseconds: Int(min(left, 20)))
        }
        return false
    }
}
