// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The byte ranges of an event that has begun, put together where one follows on the other.
struct FileRanges {
    /// An event of more ranges than this is ended: that many lines of others lie between its own.
    static let limit = 4096

    let ranges = FlatArray<FileRange>(capacity: 4)

    /// The first byte; nil if there is none.
    var start: Int64? { ranges.first?.start }
    var end: Int64? { ranges.last?.end }
    var isFull: Bool { ranges.count >= Self.limit }

    func removeAll() { ranges.removeAll() }

    func add(_ line: FramedLine, of lines: FramedLines) {
        if line.rangeCount == 0 { return add(FileRange(start: line.fileStart, end: line.fileEnd)) }
        for index in 0..<Int(line.rangeCount) { add(lines.ranges[Int(line.firstRange) + index]) }
    }

    func add(_ range: FileRange) {
        if let last = ranges.last, last.end == range.start {
            ranges[ranges.count - 1].end = range.end
        } else {
            ranges.append(range)
        }
    }

    /// Adds those of an event that began in another file, which ended `shift` bytes before this one begins.
    func add(_ other: FileRanges, shift: Int64) {
        for range in other.ranges { add(FileRange(start: range.start - shift, end: range.end - shift)) }
    }

    /// Gives a line these ranges.
    func set(_ line: inout FramedLine, of lines: FramedLines) {
        guard let start, let end else { return }
        line.fileStart = start
        line.fileEnd = end
        line.firstRange = 0
        line.rangeCount = 0
        guard ranges.count > 1 else { return }
        line.firstRange = UInt32(truncatingIfNeeded: lines.ranges.count)
        line.rangeCount = UInt32(truncatingIfNeeded: ranges.count)
        for range in ranges { lines.ranges.append(range) }
    }
}
