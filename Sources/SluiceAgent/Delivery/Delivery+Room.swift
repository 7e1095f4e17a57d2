// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Synchronization

/// Where dead letters are kept: there may be no room.
extension Delivery {
    /// How often it is looked for room, in nanoseconds, however long the backoff.
    private static let lookInterval: Int64 = 1_000_000_000

    /// Waits until there is room for dead letters, where they are not to be dropped.
    ///
    /// - Returns: false if it is time to end.
    func makeRoom(for letters: [DeadLetter]) async -> Bool {
        if state.admit(letters) { return true }
        held.add(1, ordering: .relaxed)
        defer { held.subtract(1, ordering: .relaxed) }
        var backoff = Backoff(initial: output.options.backoffInitial, maximum: output.options.backoffMaximum)
        var generator = SystemRandomNumberGenerator()
        while true {
            // Somebody may have made room meanwhile.
            await Blocking.run { [state] in state.recountLetters() }
            if state.admit(letters) { break }
            let reason =
                "there is no room for its dead letters: look at them with 'sluice deadletters list', then retry or drop "
                + "some, or raise dead_letters.max_bytes"
            complain(reason, status: letters.first?.status)
            let pause = min(backoff.next(using: &generator), Self.lookInterval)
            guard (try? await Task.sleep(for: .nanoseconds(pause))) != nil else { return false }
        }
        if held.load(ordering: .relaxed) == 1 { recover() }
        return true
    }
}
