// SPDX-License-Identifier: Apache-2.0

/// One bit for each event of a batch: what a condition yields and what a processor is told to work on.
package struct EventMask: Sendable, Equatable {
    package internal(set) var words: [UInt64]
    package let count: Int

    /// - Parameter isSet: the value of every bit.
    package init(count: Int, isSet: Bool) {
        self.count = count
        words = Array(repeating: isSet ? .max : 0, count: (count + 63) / 64)
        trim()
    }

    private mutating func trim() {
        if count & 63 != 0, let last = words.indices.last { words[last] &= (1 << UInt64(count & 63)) - 1 }
    }

    package subscript(index: Int) -> Bool {
        get {
            guard index >= 0, index < count else { return false }
            return words[index >> 6] & (1 << UInt64(index & 63)) != 0
        }
        set {
            guard index >= 0, index < count else { return }
            if newValue {
                words[index >> 6] |= 1 << UInt64(index & 63)
            } else {
                words[index >> 6] &= ~(1 << UInt64(index & 63))
            }
        }
    }

    package mutating func formIntersection(_ other: EventMask) {
        for index in words.indices { words[index] &= index < other.words.count ? other.words[index] : 0 }
    }

    package mutating func formUnion(_ other: EventMask) {
        for index in words.indices where index < other.words.count { words[index] |= other.words[index] }
    }

    package mutating func invert() {
        for index in words.indices { words[index] = ~words[index] }
        trim()
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// How many bits are set.
    package var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Runs `body` with the index of each set bit, in order.
    @inline(__always)
    package func forEach(_ body: (Int) -> Void) {
        for wordIndex in words.indices {
            var word = words[wordIndex]
            while word != 0 {
                body((wordIndex << 6) + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
