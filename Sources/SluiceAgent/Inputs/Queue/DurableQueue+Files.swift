// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What is read of files, and could be read again: it is taken while there is room at all, and counts as read when it is
/// on the disk.
extension DurableQueue {
    /// - Parameter read: the stretches of files that are done with it, in the same transaction.
    /// - Returns: false if there is no room: it is not taken, and `onKept` not called.
    func put(
        _ writers: [RecordWriter],
        read: [StateStore.Departure],
        then onKept: @escaping @Sendable (Outcome) -> Void
    ) -> Bool {
        let bytes = writers.reduce(0) { $0 + Int64($1.count) }
        return lock.withLock {
            guard !isClosed, hasRoomLocked else { return false }
            if isFullLocked {
                // Dropped, as the options want it: an empty part says so in state.
                counters.overflow.add(writers.reduce(0) { $0 + $1.messages }, ordering: .relaxed)
                append([RecordWriter(capacity: 16)], 0, read: read, then: onKept)
            } else {
                append(writers.isEmpty ? [RecordWriter(capacity: 16)] : writers, bytes, read: read, then: onKept)
            }
            return true
        }
    }
}
