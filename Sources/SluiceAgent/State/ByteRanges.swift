// SPDX-License-Identifier: Apache-2.0

/// What of a file one output has said yes to: everything below an offset, and ranges beyond it.
package struct ByteRanges: Equatable, Sendable {
    /// The lowest byte that has not been said yes to.
    package private(set) var contiguous: Int64
    /// Ranges beyond, in order, none touching another.
    package private(set) var beyond: [Range<Int64>] = []

    package init(contiguous: Int64 = 0) { self.contiguous = contiguous }

    /// Adds a range that has been said yes to.
    package mutating func insert(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        if range.lowerBound <= contiguous {
            contiguous = max(contiguous, range.upperBound)
        } else {
            var merged = range
            beyond.removeAll { other in
                guard other.lowerBound <= merged.upperBound, merged.lowerBound <= other.upperBound else { return false }
                merged = min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
                return true
            }
            let place = beyond.firstIndex { $0.lowerBound > merged.lowerBound } ?? beyond.count
            beyond.insert(merged, at: place)
        }
        while let first = beyond.first, first.lowerBound <= contiguous {
            contiguous = max(contiguous, first.upperBound)
            beyond.removeFirst()
        }
    }

    /// Whether a byte has been said yes to.
    package func contains(_ offset: Int64) -> Bool {
        if offset < contiguous { return true }
        return beyond.contains { $0.contains(offset) }
    }

    /// Whether all bytes of a range have been said yes to.
    package func contains(_ range: Range<Int64>) -> Bool {
        if range.upperBound <= contiguous { return true }
        return beyond.contains { $0.lowerBound <= range.lowerBound && $0.upperBound >= range.upperBound }
    }

    /// The first byte above everything that has been said yes to.
    package var end: Int64 { beyond.last?.upperBound ?? contiguous }
}
