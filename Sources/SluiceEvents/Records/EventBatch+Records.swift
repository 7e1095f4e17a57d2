// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

extension EventBatch {
    /// Makes events of records that `RecordWriter` wrote, and that were read to the arena's end.
    ///
    /// - Parameters:
    ///   - start: where they begin in the arena.
    ///   - offset: the byte of the queue that stands at `start`.
    ///   - time: when they came.
    ///   - source: gives the source of what follows a record of the kinds `origin` and `source`.
    /// - Returns: false if the bytes end within a record, or are none: what is behind that is no event.
    package func appendRecords(
        from start: Int,
        offset: Int64,
        time: Int64,
        source: (RecordWriter.Kind, ByteView) -> EventSource
    ) -> Bool {
        let end = arena.count
        let shift = offset - Int64(start)
        var position = start
        var current = source(.origin, .empty)
        var runStart = start
        var segment: Int?
        func close(at place: Int) {
            if let segment { segments[segment].end = Int64(place) + shift }
        }
        while position < end {
            guard position + RecordWriter.headerLength <= end,
                let kind = RecordWriter.Kind(rawValue: arena.view[position])
            else { break }
            var length = 0
            for index in 0..<4 { length |= Int(arena.view[position + 1 + index]) << (index * 8) }
            let text = position + RecordWriter.headerLength
            guard length <= end - text else { break }
            if kind == .origin || kind == .source {
                close(at: position)
                segment = nil
                runStart = position
                current = source(kind, arena.view(text..<(text + length)))
            } else {
                let number =
                    segment
                    ?? openSegment(
                        EventSegment(
                            source: current,
                            start: Int64(runStart) + shift,
                            end: Int64(text + length) + shift,
                            time: time,
                            timeOffset: offset
                        )
                    )
                segment = number
                let place = (Int64(position) + shift)..<(Int64(text + length) + shift)
                if kind == .event {
                    guard appendEvent(recorded: text..<(text + length), segment: number, place) else { break }
                } else {
                    appendEvent(
                        segment: number,
                        text: text..<(text + length),
                        file: place,
                        isTruncated: kind == .truncatedMessage
                    )
                }
            }
            position = text + length
        }
        close(at: position)
        return position == end
    }

    /// Makes an event of an `event` record.
    ///
    /// - Returns: false if it is none.
    private func appendEvent(recorded record: Range<Int>, segment: Int, _ place: Range<Int64>) -> Bool {
        let body = record.lowerBound + RecordWriter.eventHeaderLength
        guard body <= record.upperBound else { return false }
        func number(_ offset: Int, _ bytes: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in 0..<bytes {
                value |= UInt64(arena.view[record.lowerBound + offset + index]) << UInt64(index * 8)
            }
            return value
        }
        let attributes = Int(number(11, 4))
        guard attributes <= record.upperBound - body else { return false }
        let event = events.count
        appendEvent(segment: segment, text: (body + attributes)..<record.upperBound, file: place)
        guard events.count > event else { return false }
        // What was on record before it was sent then, is on record here.
        events[event].flags = Event.Flags(rawValue: UInt16(truncatingIfNeeded: number(0, 2))).subtracting(.forced)
        events[event].time = Int64(bitPattern: number(3, 8))
        let digits = UInt8(truncatingIfNeeded: number(2, 1))
        if digits <= 9 { events[event].timeDigits = digits }
        if attributes > 0 {
            lineAttributes.append(
                LineAttributes(
                    event: UInt32(truncatingIfNeeded: event),
                    start: UInt32(truncatingIfNeeded: body),
                    end: UInt32(truncatingIfNeeded: body + attributes)
                )
            )
        }
        return true
    }
}
