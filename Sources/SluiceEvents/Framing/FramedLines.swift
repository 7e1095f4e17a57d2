// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The lines that one stage of framing hands to the next. Their text lies in an arena that is handed on beside them.
package final class FramedLines {
    package let lines = FlatArray<FramedLine>(capacity: 1024)
    package let ranges = FlatArray<FileRange>(capacity: 16)

    package init() {}

    package func removeAll() {
        lines.removeAll()
        ranges.removeAll()
    }

    /// The byte ranges in the file of which a line is made, in order; one unless lines of others lie between.
    package func ranges(of line: FramedLine) -> [FileRange] {
        if line.rangeCount == 0 { return [FileRange(start: line.fileStart, end: line.fileEnd)] }
        let first = Int(line.firstRange)
        return (first..<(first + Int(line.rangeCount))).map { ranges[$0] }
    }

    /// Adds a line of another row of lines to this one, its ranges with it.
    func append(_ line: FramedLine, of other: FramedLines) {
        var line = line
        if line.rangeCount > 0 {
            let first = ranges.count
            for index in 0..<Int(line.rangeCount) { ranges.append(other.ranges[Int(line.firstRange) + index]) }
            line.firstRange = UInt32(truncatingIfNeeded: first)
        }
        lines.append(line)
    }
}
