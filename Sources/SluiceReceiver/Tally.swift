// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts, for everybody to look at.
final class Tally: Sendable {
    private let state = Mutex(Counters())

    var counters: Counters { state.withLock { $0 } }

    func add(_ change: (inout Counters) -> Void) { state.withLock { change(&$0) } }
}
