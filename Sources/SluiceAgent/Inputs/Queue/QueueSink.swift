// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Puts the events of batches into a queue in state. The batches that wait for room, or for the disk, are missing in their
/// input's pool: so it is held back.
final class QueueSink: BatchSink, @unchecked Sendable {  // everything that changes is under the lock
    private struct Waiting {
        var batch: EventBatch
        var writers: [RecordWriter]
        var departures: [StateStore.Departure]
    }

    private let lock = WaitLock()
    private let pool: BatchPool
    private var queue: DurableQueue?
    private var waiting: [Waiting] = []
    /// Batches that are being written to the disk.
    private var underWay = 0
    /// One thread at a time puts in: two would change the order.
    private var isHandingOn = false
    private var isOver = false

    init(pool: BatchPool) { self.pool = pool }

    func connect(_ queue: DurableQueue) { lock.withLock { self.queue = queue } }

    func submit(_ batch: EventBatch, input: Int, _ departures: [StateStore.Departure]) {
        var writers: [RecordWriter] = []
        var next = 0
        while next < batch.events.count {
            let writer = RecordWriter(capacity: DurableQueue.partLimit)
            next = writer.append(batch, from: next, limit: DurableQueue.partLimit - 4096)
            writers.append(writer)
        }
        lock.withLock { waiting.append(Waiting(batch: batch, writers: writers, departures: departures)) }
        handOn()
    }

    /// Puts in what waits, in order, as far as there is room.
    private func handOn() {
        while lock.withLock(beginHandingOn) {
            while let (next, queue) = lock.withLock(takeNext) {
                let batch = next.batch
                let isTaken = queue.put(next.writers, read: next.departures) { [self] _ in
                    lock.withLock {
                        underWay -= 1
                        lock.wakeAll()
                    }
                    pool.giveBack(batch)
                }
                if isTaken { continue }
                // Who is woken from now on goes on, and whoever submits meanwhile finds no room either.
                let isTooLate = lock.withLock {
                    underWay -= 1
                    isHandingOn = false
                    lock.wakeAll()
                    if !isOver { waiting.insert(next, at: 0) }
                    return isOver
                }
                if isTooLate { return pool.giveBack(batch) }
                if queue.whenRoom({ [weak self] in self?.handOn() }) { return }
                break
            }
        }
    }

    private func beginHandingOn() -> Bool {
        if isHandingOn || isOver || queue == nil || waiting.isEmpty { return false }
        isHandingOn = true
        return true
    }

    /// What is to be put in next; nil ends it, so that who submits afterwards begins anew.
    private func takeNext() -> (Waiting, DurableQueue)? {
        guard !isOver, let queue, !waiting.isEmpty else {
            isHandingOn = false
            return nil
        }
        underWay += 1
        return (waiting.removeFirst(), queue)
    }

    /// Waits until everything is on the disk, as long as `mayWait` says; what is not is read again. Blocks.
    func finish(mayWait: () -> Bool) {
        let left: [Waiting] = lock.withLock {
            while !waiting.isEmpty || underWay > 0, mayWait() { lock.wait(nanoseconds: 50_000_000) }
            isOver = true
            defer { waiting = [] }
            return waiting
        }
        for item in left { pool.giveBack(item.batch) }
    }
}
