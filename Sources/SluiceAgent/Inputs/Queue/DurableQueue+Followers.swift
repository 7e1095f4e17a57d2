// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// The queues of branches, which get what the queue of their pipeline gets.
extension DurableQueue {
    /// From now on another queue gets what this one gets.
    func add(follower: DurableQueue) { lock.withLock { followers.append(follower) } }

    /// Takes what the queue that it follows has taken or dropped, unless it is full: then that is counted.
    func copy(_ message: ByteView, _ origin: String, _ isTruncated: Bool) {
        let isTaken = lock.withLock {
            guard hasRoomForCopy(message.count) else { return false }
            append(message, origin, isTruncated)
            return true
        }
        if !isTaken { counters.overflow.add(1, ordering: .relaxed) }
    }

    func copy(_ writers: [RecordWriter], _ bytes: Int64, then onKept: @escaping @Sendable (Outcome) -> Void) {
        let isTaken = lock.withLock {
            guard hasRoomForCopy(Int(bytes)) else { return false }
            append(writers, bytes, then: onKept)
            return true
        }
        if isTaken { return }
        counters.overflow.add(writers.reduce(0) { $0 + $1.messages }, ordering: .relaxed)
        onKept(.full)
    }

    /// The two write to the same disk, so what gathers here is about what gathers there, and is no reason to refuse it.
    func hasRoomForCopy(_ count: Int) -> Bool {
        !isClosed && keptEnd - released + pendingBytes + Int64(count) <= maximumBytes
            && pendingBytes < 16 * Self.pendingLimit
    }
}
