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
    var path: String
    private(set) var identity: FileStatus.Identity
    /// When it was written to last, as of when it was opened: nanoseconds since 1970.
    let modified: Int64
    private(set) var generation: Generation
    private(set) var source: EventSource
    private var descriptor: Int32
    /// The first byte that has not been handed on: always the beginning of a line.
    private(set) var position: Int64
    /// Up to here no line end was found in the line that begins at `position`, if it is a very long one.
    private var searched: Int64 = 0
    /// Where `--once` stops.
    var limit = Int64.max
    /// Reading is due at this moment of the monotonic clock; 0 for at once.
    var nextRead: Int64 = 0
    private var pause: Int64 = minimumPause
    /// It waits for its turn.
    var isReady = false
    /// There was nothing to read when it was looked at last.
    private(set) var isResting = false
    /// It was let go: nothing more is read.
    private(set) var isClosed = false
    /// How often it gave something since it was opened.
    private(set) var turns = 0
    /// By what it is told that somebody has written to it; nil if that is not told.
    var watchName: DirectoryWatch.Name?
    var lastProgress: Int64
    private(set) var lastSize: Int64 = 0
    /// When it was seen to have which size.
    var sizes = SizeHistory()
    /// The last attempt to read it failed.
    var isFailing = false
    /// What is left before `limit` has no line end.
    private var isWaitingAtLimit = false
    /// It is no longer found under a name that matches: it is let go once it gives nothing any more.
    var isOrphaned = false
    /// Some bytes before `position`, to see whether what follows still follows them.
    private var tail: FileFingerprint? { anchors.last }
    /// The same of the last few turns, by which a copy is known that was made before the last of them.
    private(set) var anchors: [FileFingerprint] = []
    private var mustCheckTail = false
    /// The time of the last line that had none of its own.
    private var lastTime: Int64 = 0
    private var underWay: [Generation.UnderWay]

    private static let keptAnchors = 8
    private static let minimumPause: Int64 = 10_000_000
    private static let maximumPause: Int64 = 250_000_000
    /// For files whose changes are told: the look that finds what was missed.
    private static let watchedPause: Int64 = 10_000_000_000

    init(
        path: String,
        descriptor: Int32,
        identity: FileStatus.Identity,
        generation: Generation,
        position: Int64,
        source: EventSource,
        modified: Int64,
        now: Int64
    ) {
        self.modified = modified
        self.path = path
        self.descriptor = descriptor
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
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
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
        guard let status = FileStatus(descriptor: descriptor) else { return .failed(code: errno) }
        isResting = false
        lastSize = status.size
        sizes.note(status.size, at: monotonic)
        if status.size < max(position, searched) { return .replaced }
        let end = min(status.size, limit)
        if end <= max(position, searched) { return idle(monotonic) }
        if mustCheckTail, let tail, !tail.matches(descriptor) { return .replaced }
        mustCheckTail = false

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
        let anchor = FileFingerprint.read(
            descriptor,
            offset: max(0, next - Int64(FileFingerprint.length)),
            length: Int(min(next, Int64(FileFingerprint.length)))
        )
        if let anchor { note(anchor) } else { anchors = [] }
        depart(batch, segment, begun, anchor ?? FileFingerprint(offset: 0, length: 0, hash: 0), departed)
        advance(monotonic)
        return .progress
    }

    /// Reads up to `count` bytes to the arena's end.
    ///
    /// - Returns: how many came, or -1.
    private func pull(_ count: Int64, at offset: Int64, into arena: ByteArena) -> Int {
        var total = 0
        while Int64(total) < count {
            var got = 0
            unsafe arena.append(room: Int(count) - total) { room in
                got = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset) + off_t(total))
                return max(0, got)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { return -1 }
            if got == 0 { break }
            total += got
        }
        return total
    }

    private func note(_ anchor: FileFingerprint) {
        if anchors.count == Self.keptAnchors { anchors.removeFirst() }
        anchors.append(anchor)
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
        return .idle
    }

    // MARK: Its place

    /// The file's size at this moment.
    var sizeNow: Int64 { FileStatus(descriptor: descriptor)?.size ?? 0 }

    /// Whether everything up to `limit` has been read, but for a last line that has no end.
    var isAtLimit: Bool { limit != .max && (position >= limit || isWaitingAtLimit) }

    /// Whether there is a beginning of a line whose end has not come.
    var hasUnfinishedLine: Bool { lastSize > position }

    /// Whether what was read is not there any more, as the next turn will find.
    var hasLostItsContent: Bool { sizeNow < position || tail.map { !$0.matches(descriptor) } ?? false }

    /// Whether that is all there is, and has been looked at.
    var waitsForLineEnd: Bool { hasUnfinishedLine && isResting && sizeNow == lastSize }

    /// Bytes that have not been read yet.
    var lag: Int64 { max(0, lastSize - position) }

    /// Whether no name leads to the file any more.
    var isDeleted: Bool { (status?.links ?? 0) == 0 }

    /// What the file system says of it now.
    var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// More of the head is known now; the state is told.
    func growHead(_ state: StateStore) {
        guard generation.head.length < FileFingerprint.length, position > Int64(generation.head.length),
            let head = FileFingerprint.head(descriptor), head.length > generation.head.length
        else { return }
        generation.head = head
        state.update(generation.row, device: identity.device, inode: identity.inode, head: head)
    }

    /// Begins a new generation at the file's beginning.
    func restart(generation: Generation, source: EventSource) {
        self.generation = generation
        self.source = source
        position = 0
        searched = 0
        anchors = []
        sizes = SizeHistory()
        mustCheckTail = false
        underWay = []
        pause = Self.minimumPause
        nextRead = 0
    }

    /// The first bytes as they stand now.
    func readHead() -> FileFingerprint? { FileFingerprint.head(descriptor) }
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
