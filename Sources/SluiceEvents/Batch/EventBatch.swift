// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The unit everywhere: up to 2 MiB of text, or some thousand events.
///
/// A batch owns one arena of bytes and flat rows of offsets into it. Stages hand it on and never share it: whoever
/// holds it may change it. It is recycled, so that the steady path allocates nothing for an event.
package final class EventBatch: @unchecked Sendable {  // handed over whole from stage to stage, never shared
    package let arena: ByteArena
    package let events: FlatArray<Event>
    package let fields: FlatArray<EventField>
    package let keys = KeyTable()
    // Whoever holds a batch has it alone; checking that for every access would cost more than the access.
    @safe @exclusivity(unchecked) package internal(set) var segments: [EventSegment] = []
    /// What of each segment's source is written for every event, once in the batch's own arena: to reach for the source
    /// itself is to count a reference.
    let segmentTexts = FlatArray<SegmentText>(capacity: 16)
    struct SegmentText: BitwiseCopyable {
        /// The beginning of the events' ids.
        var idStart: UInt32
        var idEnd: UInt32
        /// From `idEnd` to here: a comma, and all common fields.
        var commonEnd: UInt32
    }
    /// Its place in the order of reading.
    package var sequence: UInt64 = 0
    /// How many fields an event can be given before its row has to move.
    @safe @exclusivity(unchecked) package var fieldSlack = 8

    /// Where members that several events share have been written in the arena already.
    var sharedMembers: [SharedMember: UInt32] = [:]
    struct SharedMember: Hashable {
        var segment: UInt32
        var common: Int
    }
    /// Events that a processor could not do its work on, one bit each; empty until there is one.
    package internal(set) var failed: [UInt64] = []

    /// What few events have beside their text, each with its event, in order.
    let lineAttributes = FlatArray<LineAttributes>(capacity: 1)
    package let lineRanges = FlatArray<LineRange>(capacity: 1)

    /// Scratch for those who own the batch.
    let lookup = LookupScratch()
    var nestedIndices: [JSONIndex] = []

    /// Offsets into the arena have 32 bits. Past this, fields are no longer set; a batch is a thousandth of it.
    static let arenaLimit = 3 << 30

    /// - Parameter capacity: bytes of text. The rows get room for lines of 256 bytes with sixteen fields: what is not
    ///   written to takes no memory, and what a row leaves behind that has to move does.
    package init(capacity: Int = 1 << 20) {
        arena = ByteArena(capacity: capacity)
        events = FlatArray(capacity: max(4096, capacity >> 8))
        fields = FlatArray(capacity: max(32_768, capacity >> 4))
    }

    /// Forgets everything but the storage.
    ///
    /// - Parameter arenaLimit: storage beyond this is given back.
    package func removeAll(arenaLimit: Int) {
        arena.shrink(to: arenaLimit)
        events.removeAll()
        fields.removeAll()
        segments.removeAll(keepingCapacity: true)
        segmentTexts.removeAll()
        sharedMembers.removeAll(keepingCapacity: true)
        failed.removeAll(keepingCapacity: true)
        lineAttributes.removeAll()
        lineRanges.removeAll()
        sequence = 0
        keys.removeAllIfLarge()
    }

    /// Bytes of memory that the batch holds, near enough.
    package var footprint: Int {
        arena.capacity + events.capacity * MemoryLayout<Event>.stride
            + fields.capacity * MemoryLayout<EventField>.stride
    }

    // MARK: Filling

    /// Begins a stretch of a source, or goes on with the last one if it is the same.
    ///
    /// - Returns: the segment's index, for `appendEvent`.
    package func openSegment(_ segment: EventSegment) -> Int {
        if let last = segments.last, last.source === segment.source, last.end == segment.start,
            last.time == segment.time, last.timeOffset == segment.timeOffset
        {
            segments[segments.count - 1].end = segment.end
            return segments.count - 1
        }
        segments.append(segment)
        return segments.count - 1
    }

    /// Adds an event whose raw text lies in the arena already. It has no fields yet.
    package func appendEvent(segment: Int, text: Range<Int>, file: Range<Int64>, isTruncated: Bool = false) {
        guard segment < segments.count else { return }
        var event = Event(
            segment: UInt32(segment),
            textStart: UInt32(text.lowerBound),
            textEnd: UInt32(text.upperBound),
            fileStart: file.lowerBound,
            fileEnd: file.upperBound,
            time: segments[segment].time &+ (file.lowerBound &- segments[segment].timeOffset)
        )
        if isTruncated { event.flags.insert(.truncated) }
        events.append(event)
    }

    /// Writes into the arena what every event of a segment gets from its source. Called when all text is there; what is
    /// encoded without it is the same, slower.
    package func writeSegmentTexts() {
        for number in segmentTexts.count..<segments.count {
            let source = segments[number].source
            let start = arena.count
            arena.append(source.arena.view(source.idPrefix))
            let idEnd = arena.count
            arena.append(UInt8(ascii: ","))
            arena.append(source.arena.view(source.commonText))
            segmentTexts.append(
                SegmentText(idStart: UInt32(start), idEnd: UInt32(idEnd), commonEnd: UInt32(arena.count))
            )
        }
    }

    package func source(of event: Int) -> EventSource { segments[Int(events[event].segment)].source }

    // MARK: Times

    /// Gives an event the time that its line says.
    ///
    /// - Parameter digits: how many fraction digits of a second the time was given with.
    package func setTime(_ nanoseconds: Int64, digits: Int, of event: Int) {
        if events[event].flags.contains(.hasTimestampField) {
            events[event].flags.remove(.hasTimestampField)
            removeField(KeyTable.timestamp, of: event)
        }
        events[event].time = nanoseconds
        events[event].timeDigits = UInt8(clamping: digits)
        events[event].flags.insert(.hasOwnTime)
    }

    /// An event's time to the nanosecond, filled up where the line's was coarser.
    ///
    /// What the line left open comes from the event's place in the file: different for neighbours, so that equal lines
    /// of one second are two entries in Loki, in the lines' order, and the same whenever the file is read again. Each
    /// generation begins at another place within a sixteenth of the unit: the first line of a file may be the first
    /// line of the next file, in the same second.
    package func filledTime(of event: Int) -> Int64 {
        let digits = Int(events[event].timeDigits)
        guard digits < 9 else { return events[event].time }
        var unit: Int64 = 1
        for _ in digits..<9 { unit *= 10 }
        let spread = unit / 16
        let shift = (spread &* Int64(segments[Int(events[event].segment)].timeShift)) >> 32
        return events[event].time &+ (events[event].fileStart % (unit - spread) + shift)
    }

    // MARK: Ids

    /// Writes an event's id: the generation, the first byte's offset and the length, the numbers to the base of 64.
    package func appendID(of event: Int, to output: ByteArena) {
        let place = events[event]
        let segment = Int(place.segment)
        if segment < segmentTexts.count {
            output.appendNear(arena.view(segmentTexts[segment].idStart, segmentTexts[segment].idEnd))
        } else {
            let source = segments[segment].source
            output.append(source.arena.view(source.idPrefix))
        }
        var cursor = ByteCursor(output, room: 23)
        cursor.append(base64: UInt64(bitPattern: place.fileStart))
        cursor.append(UInt8(ascii: "."))
        cursor.append(base64: UInt64(bitPattern: place.fileEnd &- place.fileStart))
        cursor.finish(output)
    }
}
