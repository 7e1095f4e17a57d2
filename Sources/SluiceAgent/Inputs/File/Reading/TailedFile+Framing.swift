// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceEvents

/// Files whose events are more than lines of UTF-8.
extension TailedFile {
    private var place: FileFraming.Place { .init(row: generation.row, source: source) }

    /// Reads the next piece and makes events of it.
    func frame(
        into batch: EventBatch,
        _ status: FileStatus,
        _ now: Int64,
        _ monotonic: Int64,
        _ departed: (StateStore.Departure) -> Void
    ) -> Turn {
        let framing: FileFraming
        do {
            framing = try openFraming()
        } catch {
            return .unreadable("\(error)")
        }
        let from = framing.framer.nextOffset
        let end = min(lastSize, limit)
        let start = batch.arena.count
        if let end = take(min(Int64(Self.turn), end - from), at: from, into: batch.arena) { return end }
        let piece = batch.arena.view(start..<batch.arena.count)
        let textCount = piece.countWithoutTrailingNULs
        if textCount == 0, let known = endsInNULs, known == (lastSize, status.modified) {
            // Nothing has been written over them: the rest of them need not be looked through again.
            batch.arena.truncate(to: start)
            return endOfFile(into: batch, now, monotonic, departed)
        }
        if textCount > 0 {
            // NULs may be written over.
            noteBeginning(piece[0..<textCount], at: from)
            let length = min(textCount, FileFingerprint.length)
            note(FileFingerprint(piece[(textCount - length)..<textCount], offset: from + Int64(textCount - length)))
        }
        do {
            let anchor = anchors.last
            try framing.hand(on: batch, from: start, of: place, anchor: anchor, now: now, departed: departed) {
                try framing.framer.frame(batch, from: start, segment: $0, at: monotonic)
            }
        } catch {
            batch.arena.truncate(to: start)
            return .unreadable("\(error)")
        }
        position = framing.position
        let next = framing.framer.nextOffset
        // What is left may be half a character.
        if next == from { return endOfFile(into: batch, now, monotonic, departed) }
        endsInNULs = nil
        if next >= end {
            framing.framer.lookAgain()
            if framing.framer.nextOffset < next { endsInNULs = (lastSize, status.modified) }
        }
        advance(monotonic)
        return .progress
    }

    /// There is nothing more to read: events end that have waited long enough, or to which nothing can be added.
    func endOfFile(
        into batch: EventBatch,
        _ now: Int64,
        _ monotonic: Int64,
        _ departed: (StateStore.Departure) -> Void
    ) -> Turn {
        guard let framing, framing.framer.hasOpenEvent else { return idle(monotonic) }
        let endsAll = !isAwaited && (limit != .max || endsNow || isSucceeded)
        guard endsAll || framing.framer.deadline.map({ $0 <= monotonic }) == true else { return idle(monotonic) }
        let start = batch.arena.count
        // Of the framer's methods none throws here.
        try? framing.hand(on: batch, from: start, of: place, anchor: anchors.last, now: now, departed: departed) {
            if endsAll {
                framing.framer.flush(batch, segment: $0)
            } else {
                framing.framer.flushDue(batch, segment: $0, at: monotonic)
            }
        }
        position = framing.position
        advance(monotonic)
        return .progress
    }
}
