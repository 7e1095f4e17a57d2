// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many bytes of request bodies are in memory, over all connections, and how many may be.
final class InFlightBytes: Sendable {
    private let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Takes room for `count` bytes; false if there is none.
    func take(_ count: Int) -> Bool {
        let before = taken.wrappingAdd(count, ordering: .relaxed).oldValue
        // A body that is alone always gets its room, so that the largest allowed one is not refused for ever.
        if before == 0 || before + count <= limit { return true }
        taken.wrappingSubtract(count, ordering: .relaxed)
        return false
    }

    func giveBack(_ count: Int) { taken.wrappingSubtract(count, ordering: .relaxed) }
}
