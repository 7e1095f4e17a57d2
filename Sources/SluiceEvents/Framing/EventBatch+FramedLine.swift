// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension EventBatch {
    /// What an event has beside its text: Docker's `attrs`.
    struct LineAttributes: BitwiseCopyable {
        var event: UInt32
        var start: UInt32
        var end: UInt32
    }

    /// Makes an event of a line whose text lies in the batch's arena.
    func append(_ line: FramedLine, of lines: FramedLines, segment: Int) {
        let count = events.count
        appendEvent(
            segment: segment,
            text: line.text,
            file: line.fileStart..<line.fileEnd,
            isTruncated: line.flags.contains(.truncated)
        )
        guard events.count > count else { return }
        if line.flags.contains(.hasTime) { setTime(line.time, digits: Int(line.timeDigits), of: count) }
        if line.flags.contains(.invalidText) { events[count].flags.insert(.invalidText) }
        if line.flags.contains(.multiline) { events[count].flags.insert(.multiline) }
        if line.flags.contains(.forced) { events[count].flags.insert(.forced) }
        if line.flags.contains(.unrecognised) { events[count].flags.insert(.unrecognised) }
        switch line.stream {
        case .none: break
        case .standardOutput: events[count].flags.insert(.standardOutput)
        case .standardError: events[count].flags.insert(.standardError)
        }
        if !line.attributes.isEmpty {
            lineAttributes.append(
                LineAttributes(
                    event: UInt32(truncatingIfNeeded: count),
                    start: line.attributesStart,
                    end: line.attributesEnd
                )
            )
        }
        if line.rangeCount > 1 {
            for range in lines.ranges(of: line) {
                lineRanges.append(LineRange(event: UInt32(truncatingIfNeeded: count), range: range))
            }
        }
    }

    /// A part of an event's bytes in the file, where it is not all that lies between its ends.
    package struct LineRange: BitwiseCopyable {
        package var event: UInt32
        package var range: FileRange
    }

    /// Replaces what is no text in the events from `first` on, as `LineFramer` does, and marks them. For lines that
    /// `appendLines` made, before they are parsed.
    package func replaceInvalidText(from first: Int) {
        for event in first..<max(first, events.count) {
            let text = Int(events[event].textStart)..<Int(events[event].textEnd)
            if UTF8Sequence.isValid(arena.view(text)) { continue }
            arena.reserve(text.count * 3 + 16)
            let start = arena.count
            _ = TextDecoder.appendUTF8(arena.view(text), to: arena)
            events[event].textStart = UInt32(truncatingIfNeeded: start)
            events[event].textEnd = UInt32(truncatingIfNeeded: arena.count)
            events[event].flags.insert(.invalidText)
        }
    }
}
