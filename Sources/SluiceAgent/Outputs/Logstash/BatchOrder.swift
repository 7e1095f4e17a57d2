// SPDX-License-Identifier: Apache-2.0

/// Keeps batches in their order on one connection: one goes when all before it have gone, and goes again before those
/// behind it if the connection is lost. Batches count from 1 without gaps.
package struct BatchOrder: Sendable {
    /// The first batch that has not gone.
    private var floor: UInt64 = 1
    /// Later ones that have.
    private var gone: Set<UInt64> = []

    package init() {}

    package func mayGo(_ batch: UInt64) -> Bool { batch <= floor }

    /// All of a batch is on its way, or nothing of it will be any more.
    package mutating func go(_ batch: UInt64) {
        if batch >= floor { gone.insert(batch) }
        while gone.remove(floor) != nil { floor += 1 }
    }

    /// Something of a batch did not arrive, and is going to be sent again.
    package mutating func takeBack(_ batch: UInt64) {
        gone.remove(batch)
        guard batch < floor else { return }
        for other in (batch + 1)..<max(floor, batch + 1) { gone.insert(other) }
        floor = batch
    }
}
