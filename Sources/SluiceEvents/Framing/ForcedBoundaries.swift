// SPDX-License-Identifier: Apache-2.0

/// Where events were ended before their rule said so, as it is on record. A restart reads the same bytes again and ends
/// the same events at the same places, however quickly the lines come this time.
struct ForcedBoundaries {
    /// By their ends.
    private var ranges: ArraySlice<FileRange>

    init(_ ranges: [FileRange]) { self.ranges = ranges.sorted { $0.end < $1.end }[...] }

    /// Whether an event that began at `start` was ended behind the line that ends at `end`. Asked for ends in order.
    mutating func isBoundary(start: Int64, end: Int64) -> Bool {
        while let first = ranges.first, first.end <= end {
            ranges.removeFirst()
            // What began within the event ended with it: its container's last line, if the rest of it had not come.
            if first.end == end, first.start <= start { return true }
        }
        return false
    }

    var isEmpty: Bool { ranges.isEmpty }
}
