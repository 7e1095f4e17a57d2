// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import SluiceEvents
import Testing

@Suite("How many batches there are")
struct BatchPoolTests {
    private let whole = 100_000

    /// Batches that could be filled one after the other with so many bytes, and none of them given back.
    private func filled(_ pool: BatchPool, bytes: Int) -> [EventBatch] {
        var batches: [EventBatch] = []
        while batches.count < 100, let batch = pool.take(nanoseconds: 0) {
            batch.arena.append([UInt8](repeating: 0x78, count: bytes))
            pool.noteFilled(batch)
            batches.append(batch)
        }
        return batches
    }

    @Test("Of whole ones there is one less than of small ones", arguments: [(5, 4), (4, 3), (3, 3), (2, 2)])
    func bytes(capacity: Int, wholes: Int) {
        let pool = BatchPool(capacity: capacity, arenaLimit: whole, fieldSlack: 0)
        for _ in 0..<3 {
            #expect(!pool.isExhausted)
            let small = filled(pool, bytes: 100)
            #expect(small.count == capacity && pool.inUse == capacity && pool.isExhausted)
            for batch in small { pool.giveBack(batch) }
            let large = filled(pool, bytes: whole * 19 / 20)
            #expect(large.count == wholes && pool.inUse == wholes && pool.isExhausted)
            for batch in large { pool.giveBack(batch) }
            #expect(pool.inUse == 0)
        }
    }

    @Test("One that is far too large leaves no room until it is gone")
    func giant() {
        let pool = BatchPool(capacity: 5, arenaLimit: whole, fieldSlack: 0)
        let giant = filled(pool, bytes: 10 * whole)
        #expect(giant.count == 1)
        for batch in giant { pool.giveBack(batch) }
        #expect(filled(pool, bytes: 1).count == 5)
    }

    @Test("An empty one that is given back takes no room")
    func empty() {
        let pool = BatchPool(capacity: 2, arenaLimit: whole, fieldSlack: 0)
        for _ in 0..<10 {
            let batch = pool.take(nanoseconds: 0)
            #expect(batch != nil)
            if let batch { pool.giveBack(batch) }
        }
        #expect(pool.inUse == 0 && !pool.isExhausted)
    }

    @Test("More requests at once have more batches, and fewer have fewer again")
    func requests() {
        let pool = BatchPool(capacity: 5, arenaLimit: whole, fieldSlack: 0)
        pool.makeRoom(for: BatchPool.ordinaryRequests, of: 0)
        #expect(filled(pool, bytes: 1).count == 5)
        pool.makeRoom(for: BatchPool.ordinaryRequests + 3, of: 1)
        let more = filled(pool, bytes: 1)
        #expect(more.count == 3)
        pool.makeRoom(for: 1, of: 1)
        #expect(pool.isExhausted)
        for batch in more { pool.giveBack(batch) }
        #expect(pool.isExhausted && pool.inUse == 5)
    }

    @Test("After the end there are none")
    func closed() {
        let pool = BatchPool(capacity: 5, arenaLimit: whole, fieldSlack: 0)
        pool.close()
        #expect(pool.take(nanoseconds: 0) == nil)
    }
}
