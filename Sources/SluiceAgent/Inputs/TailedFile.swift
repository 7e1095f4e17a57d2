// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceEvents

/// A file that is being read: where it stands, and how it goes on. Belongs to its input's thread.
@safe
final class TailedFile {
    /// Read in one turn, so that one file does not keep the others waiting.
    static let turn = 256 << 10

    /// Where it was last found; rotation changes it.
    var path: String { didSet { if path != oldValue { isRenamed = true } } }
    /// It was opened under another path.
    private(set) var isRenamed = false
    private(set) var identity: FileStatus.Identity
    /// When it was written to last, as of when it was opened: nanoseconds since 1970.
    let modified: Int64
    private(set) var generation: Generation
    private(set) var source: EventSource
    let content: FileContent
    /// The first byte that has not been handed on: always the beginning of a line.
    private(set) var position: Int64
    /// Up to here no line end was found in the line that begins at `position`, if it is a very long one.
    private var searched: Int64 = 0
    /// Where `--once` stops.
    var limit = Int64.max
    /// Reading is due at this moment of the monotonic clock; 0 for at once.
    var nextRead: Int64 = 0
    private var pause: Int64 = minimumPause
    var isReady = false
    /// There was nothing to read when it was looked at last.
    private(set) var isResting = false
    private(set) var isClosed = false
    /// How often it gave something since it was opened.
    private(set) var turns = 0
    /// By what it is told that somebody has written to it; nil if that is not told.
    var watchName: DirectoryWatch.Name?
    var lastProgress: Int64
    private(set) var lastSize: Int64 = 0
    /// The same in bytes of the file, which are others if it is compressed.
    private(set) var lastFileSize: Int64 = 0
    /// When the content that is being read was written to last, as the file system has it; 0 before something was read.
    private(set) var lastModified: Int64 = 0
    /// On the monotonic clock.
    let opened: Int64
    /// The last attempt to read it failed.
    var isFailing = false
    /// What is left before `limit` has no line end.
    private var isWaitingAtLimit = false
    /// It is no longer found under a name that matches: it is let go once it gives nothing any more.
    var isOrphaned = false
    /// Some bytes before `position`, to see whether what follows still follows them.
    private var tail: FileFingerprint? { anchors.last }
    /// The same of earlier turns, by which a copy is known that was made before the last of them.
    private(set) var anchors: AnchorHistory
    /// Up to here the beginning is among them.
    private var beginnings = 0
    private var mustCheckTail = false
    /// Whether it is looked whether what was read still stands there; it is not in a compressed file.
    var checksContent = true
    /// The time of the last line that had none of its own.
    private var lastTime: Int64 = 0
    private var underWay: [Generation.UnderWay]

    private static let minimumPause: Int64 = 10_000_000
    private static let maximumPause: Int64 = 250_000_000
    /// For files whose changes are told: the look that finds what was missed.
    private static let watchedPause: Int64 = 10_000_000_000
    /// What was not looked at for so long can be something else.
    private static let blink: Int64 = 2_000_000

    init(
        path: String,
        content: FileContent,
        identity: FileStatus.Identity,
        generation: Generation,
        position: Int64,
        source: EventSource,
        modified: Int64,
        now: Int64
    ) {
        self.modified = modified
        self.path = path
        self.content = content
        anchors = AnchorHistory(generation.marks.anchors)
        opened = now
        self.identity = identity
        self.generation = generation
        self.position = position
        self.source = source
        lastProgress = now
        underWay = generation.underWay.sorted { $0.range.lowerBound < $1.range.lowerBound }
        lastTime = underWay.map { $0.time + ($0.range.upperBound - $0.timeOffset) }.max() ?? 0
    }

    deinit { letGo() }

    /// Closes it.
    func letGo() {
        guard !isClosed else { return }
        isClosed = true
        content.close()
    }

    enum Turn {
        /// Lines were added to the batch, or there is more to read.
        case progress
        /// Nothing new: a look later.
        case idle
        /// The content is no longer what it was: a new generation has to begin.
        case replaced
        case failed(code: Int32)
    }

    // MARK: Reading

    /// Reads the next piece into a batch.
    ///
    /// - Parameters:
    ///   - now: of the machine's clock: the time of lines that have none of their own.
    ///   - departure: is told what was added.
    func read(
        into batch: EventBatch,
        now: Int64,
        monotonic: Int64,
        maximumBytes: Int,
        departed: (StateStore.Departure) -> Void
    ) -> Turn {
        guard let status else { return .failed(code: errno) }
        isResting = false
        let reached = max(position, searched)
        // The beginning of a very long line is not kept at any price.
        let kept = searched - position > 4 << 20 ? searched : position
        lastSize = content.size(status, upTo: reached + Int64(Self.turn), keeping: kept)
        lastFileSize = status.size
        if lastSize < reached { return .replaced }
        let end = min(lastSize, limit)
        if end <= max(position, searched) { return idle(monotonic) }
        if mustCheckTail || turns == 0 || monotonic - lastProgress > Self.blink, checksContent,
            !content.matches(tail ?? generation.head)
        {
            return .replaced
        }
        mustCheckTail = false
        lastModified = status.modified

        // Lines that had been handed on before a restart are handed on again as they were: with the same time.
        underWay.removeAll { $0.range.upperBound <= position }
        let known = underWay.first.flatMap { $0.range.contains(position) ? $0 : nil }
        var room = Int64(Self.turn)
        if let known {
            room = min(room, known.range.upperBound - position)
        } else if let next = underWay.first {
            room = min(room, next.range.lowerBound - position)
        }
        if searched > position { return readLongLine(into: batch, end: end, now, monotonic, maximumBytes, departed) }

        let start = batch.arena.count
        let got = pull(min(room, end - position), at: position, into: batch.arena)
        guard got >= 0 else {
            batch.arena.truncate(to: start)
            return .failed(code: errno)
        }
        let text = batch.arena.view(start..<batch.arena.count)
        guard text.lastNewline != nil else {
            batch.arena.truncate(to: start)
            if got >= Self.turn {
                searched = position + Int64(got)
                return .progress
            }
            if room < Self.turn, Int64(got) == room, !underWay.isEmpty {
                // The recorded stretch has no line end: it was cut by other options. Read on as if it were not there.
                underWay.removeFirst()
                return .progress
            }
            return idle(monotonic)
        }
        add(to: batch, from: start, known: known, now, maximumBytes, departed)
        advance(monotonic)
        return .progress
    }

    /// Cuts what was read into lines and notes the stretch.
    private func add(
        to batch: EventBatch,
        from start: Int,
        known: Generation.UnderWay?,
        _ now: Int64,
        _ maximumBytes: Int,
        _ departed: (StateStore.Departure) -> Void
    ) {
        guard let length = batch.arena.view(start..<batch.arena.count).lastNewline.map({ $0 + 1 }) else { return }
        let segment = openSegment(batch, length: Int64(length), known: known, now)
        _ = batch.appendLines(from: start, offset: position, segment: segment, maximumBytes: maximumBytes)
        batch.arena.truncate(to: start + length)
        let begun = position
        position += Int64(length)
        let anchored = min(length, FileFingerprint.length)
        let anchor = FileFingerprint(
            batch.arena.view((start + length - anchored)..<(start + length)),
            offset: position - Int64(anchored)
        )
        note(anchor)
        depart(batch, segment, begun, anchor, departed)
    }

    private func openSegment(
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

    private func depart(
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
    private func readLongLine(
        into batch: EventBatch,
        end: Int64,
        _ now: Int64,
        _ monotonic: Int64,
        _ maximumBytes: Int,
        _ departed: (StateStore.Departure) -> Void
    ) -> Turn {
        let start = batch.arena.count
        defer { if batch.arena.count > start, searched > 0 { batch.arena.truncate(to: start) } }
        let got = pull(min(Int64(Self.turn), end - searched), at: searched, into: batch.arena)
        guard got >= 0 else { return .failed(code: errno) }
        guard got > 0 else { return idle(monotonic) }
        guard let newline = batch.arena.view(start..<batch.arena.count).firstIndex(of: 0x0a) else {
            searched += Int64(got)
            return .progress
        }
        let next = searched + Int64(newline) + 1
        batch.arena.truncate(to: start)
        let length = Int(min(next - position - 1, Int64(maximumBytes)))
        guard pull(Int64(length), at: position, into: batch.arena) == length else {
            return .failed(code: errno)
        }
        var textEnd = batch.arena.count
        let isTruncated = next - position - 1 > Int64(maximumBytes)
        if !isTruncated, textEnd > start, batch.arena.view(start..<textEnd)[length - 1] == 0x0d { textEnd -= 1 }
        let known = underWay.first.flatMap { $0.range.contains(position) ? $0 : nil }
        let segment = openSegment(batch, length: next - position, known: known, now)
        batch.appendEvent(segment: segment, text: start..<textEnd, file: position..<next, isTruncated: isTruncated)
        let begun = position
        position = next
        searched = 0
        let anchor = content.fingerprint(
            offset: max(0, next - Int64(FileFingerprint.length)),
            length: Int(min(next, Int64(FileFingerprint.length)))
        )
        if let anchor { note(anchor) } else { anchors = AnchorHistory() }
        depart(batch, segment, begun, anchor ?? FileFingerprint(offset: 0, length: 0, hash: 0), departed)
        advance(monotonic)
        return .progress
    }

    /// Reads up to `count` bytes to the arena's end.
    ///
    /// - Returns: how many came, or -1.
    private func pull(_ count: Int64, at offset: Int64, into arena: ByteArena) -> Int {
        content.read(Int(count), at: offset, into: arena)
    }

    private func note(_ anchor: FileFingerprint) {
        anchors.note(anchor)
    }

    private func advance(_ monotonic: Int64) {
        pause = Self.minimumPause
        isFailing = false
        lastProgress = monotonic
        turns &+= 1
    }

    private func idle(_ monotonic: Int64) -> Turn {
        if limit != .max { isWaitingAtLimit = true }
        isResting = true
        nextRead = monotonic + (watchName == nil || isOrphaned ? pause : Self.watchedPause)
        pause = min(pause * 2, Self.maximumPause)
        mustCheckTail = true
        content.rest(keeping: position)
        return .idle
    }

    // MARK: Its place

    /// The file's size at this moment.
    var sizeNow: Int64 { content.sizeNow }
    /// Where reading ends that is to have what is there now: a compressed file has nothing else.
    var limitNow: Int64 { content.isCompressed ? .max - 1 : sizeNow }

    /// Whether everything up to `limit` has been read, but for a last line that has no end.
    var isAtLimit: Bool { limit != .max && (position >= limit || isWaitingAtLimit) }

    /// Whether there is a beginning of a line whose end has not come.
    var hasUnfinishedLine: Bool { lastSize > position }

    /// Whether what was read is not there any more, as the next turn will find.
    var hasLostItsContent: Bool {
        checksContent && (sizeNow < position || tail.map { !content.matches($0) } ?? false)
    }

    var waitsForLineEnd: Bool { hasUnfinishedLine && isResting && sizeNow == lastSize }

    var lag: Int64 { max(0, lastSize - position) }

    /// Whether no name leads to the file any more.
    var isDeleted: Bool { (status?.links ?? 0) == 0 }

    var status: FileStatus? { content.status }

    /// More of the head is known now; the state is told.
    func growHead(_ state: StateStore) {
        noteBeginnings()
        guard generation.head.length < FileFingerprint.length, position > Int64(generation.head.length),
            let head = content.head(), head.length > generation.head.length
        else { return }
        generation.head = head
        state.update(generation.row, device: identity.device, inode: identity.inode, head: head)
    }

    private func noteBeginnings() {
        for length in AnchorHistory.beginnings where length > beginnings && Int64(length) <= position {
            beginnings = length
            if let beginning = content.fingerprint(offset: 0, length: length) { note(beginning) }
        }
    }

    /// Begins a new generation at the file's beginning.
    func restart(generation: Generation, source: EventSource) {
        self.generation = generation
        self.source = source
        position = 0
        searched = 0
        anchors = AnchorHistory()
        beginnings = 0
        lastModified = 0
        mustCheckTail = true
        underWay = []
        pause = Self.minimumPause
        nextRead = 0
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
