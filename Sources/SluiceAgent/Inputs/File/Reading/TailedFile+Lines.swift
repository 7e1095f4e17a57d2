// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceEvents

/// The usual file: lines of UTF-8 that end in a line feed.
extension TailedFile {
    /// Cuts what was read into lines and notes the stretch.
    func add(
        to batch: EventBatch,
        from start: Int,
        known: Generation.UnderWay?,
        _ content: TextContent,
        _ now: Int64,
        _ maximumBytes: Int,
        _ departed: (StateStore.Departure) -> Void
    ) {
        let firstEvent = batch.events.count
        guard let length = batch.arena.view(start..<batch.arena.count).lastNewline.map({ $0 + 1 }) else { return }
        let segment = openSegment(batch, length: Int64(length), known: known, now)
        _ = batch.appendLines(from: start, offset: position, segment: segment, maximumBytes: maximumBytes)
        batch.arena.truncate(to: start + length)
        finish(batch, from: firstEvent, content)
        let begun = position
        position += Int64(length)
        let anchored = min(length, FileFingerprint.length)
        let anchor = FileFingerprint(
            batch.arena.view((start + length - anchored)..<(start + length)),
            offset: position - Int64(anchored)
        )
        noteBeginning(batch.arena.view(start..<(start + length)), at: begun)
        note(anchor)
        depart(batch, segment, begun, anchor, departed)
    }

    func openSegment(
        _ batch: EventBatch,
        length: Int64,
        known: Generation.UnderWay?,
        _ now: Int64
    ) -> Int {
        var time: Int64
        var timeOffset = position
        if let known {
            time = known.time
            timeOffset = known.timeOffset
        } else if let last = batch.segments.last, last.source === source, last.end == position,
            last.timeOffset <= position
        {
            time = last.time
            timeOffset = last.timeOffset
        } else {
            // Never the time of an earlier line, whatever the clock does.
            time = max(now, lastTime + 1)
        }
        lastTime = max(lastTime, time + (position + length - timeOffset))
        return batch.openSegment(
            EventSegment(
                source: source,
                start: position,
                end: position + length,
                time: time,
                timeOffset: timeOffset
            )
        )
    }

    func depart(
        _ batch: EventBatch,
        _ segment: Int,
        _ begun: Int64,
        _ anchor: FileFingerprint,
        _ departed: (StateStore.Departure) -> Void
    ) {
        let stretch = batch.segments[segment]
        departed(
            StateStore.Departure(
                row: generation.row,
                underWay: .init(range: begun..<position, time: stretch.time, timeOffset: stretch.timeOffset),
                anchor: anchor
            )
        )
    }

    /// Looks for the end of a line that is longer than a turn. What has been looked through is not kept.
    func readLongLine(
        into batch: EventBatch,
        end: Int64,
        _ now: Int64,
        _ monotonic: Int64,
        _ maximumBytes: Int,
        _ departed: (StateStore.Departure) -> Void
    ) -> Turn {
        let start = batch.arena.count
        defer { if batch.arena.count > start, searched > 0, framing == nil { batch.arena.truncate(to: start) } }
        if let end = take(min(Int64(Self.turn), end - searched), at: searched, into: batch.arena) { return end }
        let got = batch.arena.count - start
        guard got > 0 else { return idle(monotonic) }
        if batch.arena.view(start..<batch.arena.count).firstIndex(of: 0) != nil {
            batch.arena.truncate(to: start)
            guard let status else { return .failed(code: errno) }
            return frame(into: batch, status, now, monotonic, departed)
        }
        guard let newline = batch.arena.view(start..<batch.arena.count).firstIndex(of: 0x0a) else {
            searched += Int64(got)
            return .progress
        }
        let next = searched + Int64(newline) + 1
        batch.arena.truncate(to: start)
        let total = next - position - 1
        // A character more than is allowed, so that it can be seen where one ends.
        let length = Int(min(total, Int64(maximumBytes) + 4))
        guard pull(Int64(length), at: position, into: batch.arena) == length else {
            return .failed(code: errno)
        }
        var textStart = start
        if position == 0, batch.arena.view(start..<batch.arena.count).hasPrefix(ByteView("\u{feff}")) { textStart += 3 }
        var textEnd = batch.arena.count
        if Int64(length) == total, textEnd > textStart,
            batch.arena.view(textStart..<textEnd)[textEnd - textStart - 1] == 0x0d
        {
            textEnd -= 1
        }
        let isTruncated = textEnd - textStart > maximumBytes
        textEnd = textStart + UTF8Sequence.cut(batch.arena.view(textStart..<textEnd), to: maximumBytes)
        let firstEvent = batch.events.count
        let known = underWay.first.flatMap { $0.range.contains(position) ? $0 : nil }
        let segment = openSegment(batch, length: next - position, known: known, now)
        batch.appendEvent(segment: segment, text: textStart..<textEnd, file: position..<next, isTruncated: isTruncated)
        finish(batch, from: firstEvent, batch.arena.view(textStart..<textEnd).textContent)
        let begun = position
        position = next
        searched = 0
        let anchor = fingerprint(before: next)
        note(anchor)
        depart(batch, segment, begun, anchor ?? FileFingerprint(offset: 0, length: 0, hash: 0), departed)
        advance(monotonic)
        return .progress
    }

    private func fingerprint(before end: Int64) -> FileFingerprint? {
        let length = Int(min(end, Int64(FileFingerprint.length)))
        let arena = ByteArena(capacity: FileFingerprint.length)
        let offset = end - Int64(length)
        return pull(Int64(length), at: offset, into: arena) == length
            ? FileFingerprint(arena.view, offset: offset) : nil
    }

    /// What is to be done for new events before they are parsed.
    private func finish(_ batch: EventBatch, from first: Int, _ content: TextContent) {
        if content != .text { batch.replaceInvalidText(from: first) }
        unwanted += batch.select(selection, from: first)
    }
}

extension ByteView {
    /// Where the last line end stands, or nil.
    var lastNewline: Int? {
        var index = count - 1
        while index >= 0 {
            if self[index] == 0x0a { return index }
            index -= 1
        }
        return nil
    }
}
