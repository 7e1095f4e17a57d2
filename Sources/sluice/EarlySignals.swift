// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A stop that is asked for before there is anything to stop: the start goes on, and ends as every run does.
enum EarlySignals {
    private static let come = Atomic(false)

    /// Whether one has come.
    static var hasCome: Bool { come.load(ordering: .acquiring) }

    /// From now on they are noted, until something else waits for them.
    static func note() {
        for number in [SIGTERM, SIGINT] { signal(number) { _ in EarlySignals.come.store(true, ordering: .releasing) } }
    }
}
