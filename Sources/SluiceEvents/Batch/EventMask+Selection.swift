// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Narrowing a selection, which is what conditions do.
extension EventMask {
    /// Takes away the events for which `holds` is false.
    @inline(__always)
    package mutating func filter(_ holds: (Int) -> Bool) {
        for wordIndex in words.indices {
            var left = words[wordIndex]
            var kept = left
            while left != 0 {
                let bit = left.trailingZeroBitCount
                if !holds((wordIndex << 6) + bit) { kept &= ~(1 << UInt64(bit)) }
                left &= left - 1
            }
            words[wordIndex] = kept
        }
    }

    /// Takes away the events that are also in `other`.
    package mutating func subtract(_ other: EventMask) {
        for index in words.indices where index < other.words.count { words[index] &= ~other.words[index] }
    }

    /// Takes away the events that have been dropped.
    package mutating func removeDropped(_ batch: EventBatch) {
        filter { !batch.events[$0].isDropped }
    }

    /// - Parameter words: 64 events each; what is missing is 0.
    init(words: [UInt64], count: Int) {
        self.init(count: count, isSet: false)
        for index in self.words.indices where index < words.count { self.words[index] = words[index] }
        if !self.words.isEmpty { formIntersection(EventMask(count: count, isSet: true)) }
    }
}
