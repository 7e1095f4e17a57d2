// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The bytes of a file that need not be handed on again: those of events that everybody has said yes to.
struct DoneRanges {
    /// In order, none touching the next.
    private let ranges: [FileRange]

    init(_ ranges: [FileRange]) {
        var merged: [FileRange] = []
        for range in ranges.sorted(by: { $0.start < $1.start }) {
            if let last = merged.last, last.end >= range.start {
                merged[merged.count - 1].end = max(last.end, range.end)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// Whether all of a range is done.
    func covers(_ range: FileRange) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].start <= range.start { low = middle + 1 } else { high = middle }
        }
        return low > 0 && range.end <= ranges[low - 1].end
    }

    /// Whether all of a line or an event is done.
    func cover(_ line: FramedLine, of lines: FramedLines) -> Bool {
        if line.rangeCount == 0 { return covers(FileRange(start: line.fileStart, end: line.fileEnd)) }
        return (0..<Int(line.rangeCount)).allSatisfy { covers(lines.ranges[Int(line.firstRange) + $0]) }
    }
}
