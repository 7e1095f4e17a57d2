// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

extension EventBatch {
    /// Makes events of records that `RecordWriter` wrote, and that were read to the arena's end.
    ///
    /// - Parameters:
    ///   - start: where they begin in the arena.
    ///   - offset: the byte of the queue that stands at `start`.
    ///   - time: when they came.
    ///   - source: gives the source of messages from an origin.
    /// - Returns: false if the bytes end within a record, or are none: what is behind that is no event.
    package func appendRecords(
        from start: Int,
        offset: Int64,
        time: Int64,
        source: (ByteView) -> EventSource
    ) -> Bool {
        let end = arena.count
        let shift = offset - Int64(start)
        var position = start
        var current = source(.empty)
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
            if kind == .origin {
                close(at: position)
                segment = nil
                runStart = position
                current = source(arena.view(text..<(text + length)))
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
                appendEvent(
                    segment: number,
                    text: text..<(text + length),
                    file: (Int64(position) + shift)..<(Int64(text + length) + shift),
                    isTruncated: kind == .truncatedMessage
                )
            }
            position = text + length
        }
        close(at: position)
        return position == end
    }
}
