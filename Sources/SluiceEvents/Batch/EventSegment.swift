// SPDX-License-Identifier: Apache-2.0

/// An unbroken stretch of one source in a batch: the unit in which progress is acknowledged.
package struct EventSegment {
    package var source: EventSource
    /// Byte offsets in the file. Everything between them is in the batch, or was empty or filtered.
    package var start: Int64
    package var end: Int64
    /// The time of a line without its own is `time` plus its distance from `timeOffset` in nanoseconds: different for
    /// every line, in order, and the same again when it is read again.
    package var time: Int64
    package var timeOffset: Int64
    /// The source's, kept here for the encoders' loops.
    let timeShift: UInt32

    package init(source: EventSource, start: Int64, end: Int64, time: Int64, timeOffset: Int64) {
        self.source = source
        timeShift = source.timeShift
        self.start = start
        self.end = end
        self.time = time
        self.timeOffset = timeOffset
    }
}
