// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// The batches of an agent: a limited number, so that memory has a bound whatever the backlog. It grows with the requests
/// that may be under way at once. Who wants one waits until one is free; that is what holds reading back when an output
/// stands still. Of whole batches there is one less than of small ones: they take memory, and small ones only a place.
package final class BatchPool: @unchecked Sendable {  // everything is under the lock
    private let lock = WaitLock()
    private let base: Int
    private var capacity: Int
    /// By output, how many requests may be under way.
    private var requests: [Int: Int] = [:]
    private let arenaLimit: Int
    private let fieldSlack: Int
    private var free: [EventBatch] = []
    private var made = 0
    /// Bytes of text in the batches that have been filled, each and all.
    private var filled: [ObjectIdentifier: Int] = [:]
    private var filledBytes = 0
    private var isClosed = false

    /// - Parameters:
    ///   - capacity: how many batches there are at most, as long as no output has more than ``ordinaryRequests``.
    ///   - arenaLimit: bytes of text that a batch keeps when it is recycled.
    package init(capacity: Int, arenaLimit: Int, fieldSlack: Int) {
        base = max(2, capacity)
        self.capacity = base
        self.arenaLimit = arenaLimit
        self.fieldSlack = fieldSlack
    }

    /// A pool of batches like these.
    package func another(capacity: Int) -> BatchPool {
        BatchPool(capacity: capacity, arenaLimit: arenaLimit, fieldSlack: fieldSlack)
    }

    /// A free batch, waiting for one at most this long.
    package func take(nanoseconds: Int64) -> EventBatch? {
        lock.withLock {
            if let batch = takeFree() { return batch }
            if isClosed { return nil }
            lock.wait(nanoseconds: nanoseconds)
            return takeFree()
        }
    }

    /// Whether what has been filled leaves room for one more whole batch.
    private var hasRoom: Bool {
        let whole = capacity > 3 ? capacity - 1 : capacity
        // Half a batch less than would be none left: they are not all filled to the brim.
        return filledBytes < (2 * whole - 1) * (arenaLimit / 2)
    }

    private func takeFree() -> EventBatch? {
        guard !isClosed, hasRoom else { return nil }
        if let batch = free.popLast() { return batch }
        guard made < capacity else { return nil }
        made += 1
        let batch = EventBatch(capacity: arenaLimit)
        batch.fieldSlack = fieldSlack
        return batch
    }

    /// Says that a batch is filled, and has left the hands of who took it.
    package func noteFilled(_ batch: EventBatch) {
        let bytes = batch.arena.count
        lock.withLock {
            filled[ObjectIdentifier(batch)] = bytes
            filledBytes += bytes
        }
    }

    /// Takes a batch back that nobody uses any more.
    package func giveBack(_ batch: EventBatch) {
        batch.removeAll(arenaLimit: arenaLimit)
        lock.withLock {
            if let bytes = filled.removeValue(forKey: ObjectIdentifier(batch)) { filledBytes -= bytes }
            if made > capacity {
                made -= 1
            } else {
                free.append(batch)
            }
            lock.wakeAll()
        }
    }

    /// Requests of one output that the base capacity has batches for.
    package static let ordinaryRequests = 2

    /// Makes room for as many requests of an output as may be under way now.
    package func makeRoom(for requests: Int, of output: Int) {
        lock.withLock {
            self.requests[output] = requests
            capacity = base + max(0, (self.requests.values.max() ?? 0) - Self.ordinaryRequests)
            // What is free is given up at once, what is in use when it comes back.
            while made > capacity, free.popLast() != nil { made -= 1 }
            lock.wakeAll()
        }
    }

    /// How many batches are under way.
    package var inUse: Int { lock.withLock { made - free.count } }

    /// Whether all there may be are under way: reading waits for the outputs.
    package var isExhausted: Bool { lock.withLock { !hasRoom || (free.isEmpty && made >= capacity) } }

    /// No more batches are handed out.
    package func close() {
        lock.withLock {
            isClosed = true
            lock.wakeAll()
        }
    }
}
