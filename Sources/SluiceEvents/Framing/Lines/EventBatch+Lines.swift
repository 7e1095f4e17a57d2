// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension EventBatch {
    /// Cuts text that was just read into the arena into lines, each an event. A line ends with LF or CRLF; an empty
    /// one makes no event; what follows the last line end is left alone. A byte-order mark at the file's beginning is
    /// no text. This is `LineFramer` for the usual file, without looking whether the text is UTF-8.
    ///
    /// - Parameters:
    ///   - start: where the text begins in the arena; it goes to the arena's end.
    ///   - offset: the byte in the file that stands at `start`.
    ///   - segment: whose lines they are.
    ///   - maximumBytes: a longer line is cut to this length, between characters.
    /// - Returns: how many bytes, from `start` on, were whole lines.
    package func appendLines(from start: Int, offset: Int64, segment: Int, maximumBytes: Int) -> Int {
        guard segment < segments.count else { return 0 }
        let text = arena.view(start..<arena.count)
        let time = segments[segment].time &- segments[segment].timeOffset
        var position = 0
        var mark = offset == 0 && text.hasPrefix(ByteView("\u{feff}")) ? 3 : 0
        while position < text.count, let length = text[position..<text.count].firstIndex(of: 0x0a) {
            var end = position + length
            let next = end + 1
            if end > position, text[end - 1] == 0x0d { end -= 1 }
            let textStart = position + mark
            mark = 0
            if end > textStart {
                let isTooLong = end - textStart > maximumBytes
                if isTooLong { end = textStart + UTF8Sequence.cut(text[textStart..<end], to: maximumBytes) }
                let first = offset + Int64(position)
                var event = Event(
                    segment: UInt32(segment),
                    textStart: UInt32(start + textStart),
                    textEnd: UInt32(start + end),
                    fileStart: first,
                    fileEnd: offset + Int64(next),
                    time: time &+ first
                )
                if isTooLong { event.flags.insert(.truncated) }
                events.append(event)
            }
            position = next
        }
        return position
    }
}
