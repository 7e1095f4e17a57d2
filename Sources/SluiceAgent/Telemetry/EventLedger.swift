// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps the counts of a pipeline's events in step: an event goes from one count to another in one go, so that whoever
/// looks finds each event once. Taken a few times for a batch, never for each event.
package final class EventLedger: Sendable {
    private let lock = Mutex<Void>(())

    package init() {}

    /// Changes or reads several counts, while nobody else does.
    func inOneGo<Result>(_ body: () -> Result) -> Result { lock.withLock { _ in body() } }
}
