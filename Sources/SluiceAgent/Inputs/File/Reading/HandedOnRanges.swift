// SPDX-License-Identifier: Apache-2.0

/// Which bytes of a file have been handed on in events: all before a position, and ranges beyond it, where events of
/// one stream end before those of another that began earlier.
package struct HandedOnRanges: Equatable {
    /// The first byte that has not been handed on.
    package private(set) var position: Int64
    /// Beyond it, in order, none touching the next.
    package private(set) var beyond: [Range<Int64>] = []

    /// - Parameter beyond: in any order; what lies before `position` is left out.
    package init(position: Int64, beyond: [Range<Int64>] = []) {
        self.position = position
        for range in beyond { insert(range.clamped(to: position..<Int64.max)) }
    }

    /// Notes what one turn has handed on.
    ///
    /// - Parameters:
    ///   - unfinished: the first byte that is not in an event yet, nor left out.
    ///   - events: the bytes of those events of the turn that end behind it.
    /// - Returns: the bytes that were handed on by this turn and by none before.
    package mutating func advance(to unfinished: Int64, events: [Range<Int64>]) -> [Range<Int64>] {
        var new: [Range<Int64>] = []
        var start = position
        for range in beyond where range.lowerBound < unfinished {
            if range.lowerBound > start { new.append(start..<range.lowerBound) }
            start = max(start, range.upperBound)
        }
        if start < unfinished { new.append(start..<unfinished) }
        position = max(position, unfinished)
        beyond.removeAll { $0.upperBound <= position }
        for event in events {
            let range = event.clamped(to: position..<Int64.max)
            if range.isEmpty || beyond.contains(where: { $0.contains(range.lowerBound) }) { continue }
            insert(range)
            new.append(range)
        }
        return new
    }

    private mutating func insert(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        var merged = range
        beyond.removeAll { other in
            guard other.lowerBound <= merged.upperBound, merged.lowerBound <= other.upperBound else { return false }
            merged = min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
            return true
        }
        beyond.insert(merged, at: beyond.firstIndex { $0.lowerBound > merged.lowerBound } ?? beyond.count)
    }
}
