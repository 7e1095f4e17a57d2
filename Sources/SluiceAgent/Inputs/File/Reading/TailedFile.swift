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
    /// There was nothing in it then.
    let wasEmpty: Bool
    private(set) var generation: Generation
    private(set) var source: EventSource
    private let options: FramingOptions
    /// Which lines are wanted, where `options` are plain.
    let selection: LineSelection
    let content: FileContent
    /// The first byte that has not been handed on: always the beginning of a line.
    var position: Int64
    /// Up to here no line end was found in the line that begins at `position`, if it is a very long one.
    var searched: Int64 = 0
    /// What cuts the file into events, where more is asked for than lines, or more has to be done for them.
    private(set) var framing: FileFraming?
    /// What had been handed on beyond the position when it was opened.
    private let handedOn: [Range<Int64>]
    /// Size and time of change when the file's end was nothing but NULs.
    var endsInNULs: (size: Int64, modified: Int64)?
    /// Lines that `include_lines` and `exclude_lines` left out so far.
    var unwanted = 0
    /// Where another file has taken its name: nothing more comes once that one has something.
    var successor: String?
    /// Whether that one had something when it was looked at, before it was asked who waits for this one.
    var isSucceeded = false
    /// Nothing more comes: its events end.
    var endsNow = false
    /// Its open event goes on in another file, which waits for it.
    var isAwaited = false
    /// It was read up to what there was at the last turn.
    private(set) var isAtEnd = false
    /// Of content that has been replaced.
    private var unended: UnendedEvents?
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
    /// The same of what is there now, which may be something else.
    private var seenModified: Int64 = 0
    /// On the monotonic clock.
    let opened: Int64
    /// When it was seen to have which size.
    var sizes = SizeHistory()
    /// The last attempt to read it failed.
    var isFailing = false
    /// What is left before `limit` has no line end.
    private(set) var isWaitingAtLimit = false
    /// It is no longer found under a name that matches: it is let go once it gives nothing any more.
    var isOrphaned = false
    /// Some bytes before `position`, to see whether what follows still follows them.
    var tail: FileFingerprint? { anchors.last }
    /// The same of earlier turns, by which a copy is known that was made before the last of them.
    private(set) var anchors: AnchorHistory
    /// Up to here the beginning is among them.
    private var beginnings = 0
    /// What stood at its beginning when that was read; nil if it has not been.
    private var beginning: FileFingerprint?
    /// Whether it is looked whether what was read still stands there; it is not in a compressed file.
    var checksContent = true
    /// The time of the last line that had none of its own.
    var lastTime: Int64 = 0
    var underWay: [Generation.UnderWay]

    private static let minimumPause: Int64 = 10_000_000
    private static let maximumPause: Int64 = 250_000_000
    /// For files whose changes are told: the look that finds what was missed.
    private static let watchedPause: Int64 = 10_000_000_000

    init(
        path: String,
        content: FileContent,
        identity: FileStatus.Identity,
        generation: Generation,
        position: Int64,
        source: EventSource,
        modified: Int64,
        wasEmpty: Bool,
        now: Int64,
        framing: FramingOptions,
        selection: LineSelection,
        handedOn: [Range<Int64>]
    ) {
        options = framing
        self.selection = selection
        self.handedOn = handedOn
        self.modified = modified
        self.wasEmpty = wasEmpty
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
        /// It cannot be made events of, and why.
        case unreadable(String)
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
        departed: (StateStore.Departure) -> Void
    ) -> Turn {
        let maximumBytes = options.lines.maximumBytes
        guard let status else { return .failed(code: errno) }
        isResting = false
        isAtEnd = false
        // Nobody may have seen it go.
        if status.links == 0 { isOrphaned = true }
        let reached = readEnd
        // The beginning of a very long line is not kept at any price.
        let kept = framing != nil || searched - position > 4 << 20 ? reached : position
        lastSize = content.size(status, upTo: reached + Int64(Self.turn), keeping: kept)
        lastFileSize = status.size
        sizes.note(lastSize, at: monotonic)
        if lastSize < reached { return .replaced }
        let end = min(lastSize, limit)
        if end <= reached { return endOfFile(into: batch, now, monotonic, departed) }
        seenModified = status.modified
        if framing != nil || !options.isPlain { return frame(into: batch, status, now, monotonic, departed) }

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
        if let end = take(min(room, end - position), at: position, into: batch.arena) { return end }
        let text = batch.arena.view(start..<batch.arena.count)
        let kind = text.textContent
        if kind == .nul {
            // A file that was made large beforehand, or has holes: no lines of the usual kind.
            batch.arena.truncate(to: start)
            return frame(into: batch, status, now, monotonic, departed)
        }
        guard text.lastNewline != nil else {
            batch.arena.truncate(to: start)
            if text.count >= Self.turn {
                searched = position + Int64(text.count)
                return .progress
            }
            if room < Self.turn, Int64(text.count) == room, !underWay.isEmpty {
                // The recorded stretch has no line end: it was cut by other options. Read on as if it were not there.
                underWay.removeFirst()
                return .progress
            }
            return idle(monotonic)
        }
        add(to: batch, from: start, known: known, kind, now, maximumBytes, departed)
        advance(monotonic)
        return .progress
    }

    /// Reads what comes next to the arena's end.
    ///
    /// - Returns: why that is of no use; nil if it is.
    func take(_ count: Int64, at offset: Int64, into arena: ByteArena) -> Turn? {
        let start = arena.count
        let isRead = pull(count, at: offset, into: arena) >= 0
        let code = errno
        if isRead, !isReplaced() { return nil }
        arena.truncate(to: start)
        return isRead ? .replaced : .failed(code: code)
    }

    /// Whether what had been read before is not there any more. It is asked at every turn, and after reading: between two
    /// turns, or a look and what is read next, the process can have stood still for any time.
    private func isReplaced() -> Bool {
        if checksContent, !content.matches(tail ?? generation.head) { return true }
        lastModified = seenModified
        return false
    }

    /// Reads up to `count` bytes to the arena's end.
    ///
    /// - Returns: how many came, or -1.
    func pull(_ count: Int64, at offset: Int64, into arena: ByteArena) -> Int {
        content.read(Int(count), at: offset, into: arena)
    }

    /// Notes what it was read up to; nil: it cannot be known again by that.
    func note(_ anchor: FileFingerprint?) {
        if let anchor { anchors.note(anchor) } else { anchors = AnchorHistory() }
    }

    /// Notes what a turn has read, if it was the first.
    func noteBeginning(_ text: ByteView, at offset: Int64) {
        guard offset == 0, !text.isEmpty else { return }
        beginning = FileFingerprint(text[0..<min(text.count, FileFingerprint.length)], offset: 0)
    }

    func advance(_ monotonic: Int64) {
        pause = Self.minimumPause
        isFailing = false
        lastProgress = monotonic
        turns &+= 1
    }

    func idle(_ monotonic: Int64) -> Turn {
        isAtEnd = true
        if limit != .max, !isAwaited { isWaitingAtLimit = true }
        let deadline = framing?.framer.deadline
        isResting = deadline == nil
        let isWaiting = watchName == nil || isOrphaned || (successor != nil && hasOpenEvent)
        nextRead = monotonic + (isWaiting ? pause : Self.watchedPause)
        if let deadline { nextRead = min(nextRead, max(deadline, monotonic + 1)) }
        pause = min(pause * 2, Self.maximumPause)
        content.rest(keeping: position)
        return .idle
    }

    // MARK: What it is known by

    /// More of the head is known now; the state is told.
    func growHead(_ state: StateStore) {
        if let beginning, position > Int64(generation.head.length), beginning.length > generation.head.length {
            take(beginning, state)
        }
        let isKnown = generation.head.length == FileFingerprint.length && beginnings == AnchorHistory.beginnings.last
        if isKnown { return }
        let lengths = AnchorHistory.beginnings.filter { $0 > beginnings && Int64($0) <= position }
        let isHeadShort = generation.head.length < FileFingerprint.length && position > Int64(generation.head.length)
        guard isHeadShort || !lengths.isEmpty else { return }
        let head = isHeadShort ? content.head() : nil
        let found = lengths.map { content.fingerprint(offset: 0, length: $0) }
        // What was read can have been replaced since: then this is the head of something else.
        if checksContent, let tail, !content.matches(tail) { return }
        if let head, head.length > generation.head.length { take(head, state) }
        for beginning in found { if let beginning { note(beginning) } }
        if let longest = lengths.last { beginnings = longest }
    }

    private func take(_ head: FileFingerprint, _ state: StateStore) {
        generation.head = head
        state.update(generation.row, device: identity.device, inode: identity.inode, head: head)
    }

    /// Begins a new generation at the file's beginning.
    func restart(generation: Generation, source: EventSource) {
        unended = endFraming()
        endsInNULs = nil
        self.generation = generation
        self.source = source
        position = 0
        searched = 0
        anchors = AnchorHistory()
        beginnings = 0
        beginning = nil
        lastModified = 0
        sizes = SizeHistory()
        underWay = []
        pause = Self.minimumPause
        nextRead = 0
    }

    // MARK: Framing

    /// Lines that were left out so far.
    var unwantedLines: Int { unwanted + (framing?.framer.unwanted ?? 0) }

    /// What cuts the file into events from here on.
    ///
    /// - Parameter predecessor: where events began that go on in this file.
    func openFraming(after predecessor: UnendedEvents? = nil) throws -> FileFraming {
        if let framing { return framing }
        let head = ByteArena(capacity: 16)
        _ = pull(4, at: 0, into: head)
        let made = try FileFraming(
            options,
            position: position,
            head: head.view,
            generation: generation,
            handedOn: handedOn.filter { $0.upperBound > position },
            known: underWay,
            lastTime: lastTime,
            after: predecessor
        )
        searched = 0
        framing = made
        return made
    }

    /// Whether it is at its beginning, and an event that began in another file could go on in it.
    var canFollow: Bool {
        framing == nil && position == 0 && searched == 0 && options.joinsLines
    }

    /// Goes on with the events that are open at the end of another file.
    ///
    /// - Returns: whether there were any.
    func follow(_ other: TailedFile) throws -> Bool {
        guard canFollow, let events = other.openEvents else { return false }
        _ = try openFraming(after: events)
        _ = other.endFraming()
        return true
    }

    private var openEvents: UnendedEvents? {
        guard let framing, framing.framer.hasOpenEvent else { return nil }
        return UnendedEvents(
            framing: framing,
            place: .init(row: generation.row, source: source),
            anchor: anchors.last
        )
    }

    /// Gives its open events away: reading goes on behind them.
    func endFraming() -> UnendedEvents? {
        guard let framing else { return nil }
        defer {
            unwanted += framing.framer.unwanted
            lastTime = max(lastTime, framing.lastTime)
            position = framing.framer.linesEnd
            self.framing = nil
        }
        return openEvents
    }

    /// What has been handed on beyond the position.
    var handedOnBeyond: [Range<Int64>] { framing?.beyond ?? handedOn.filter { $0.upperBound > position } }

    /// The events of content that was replaced, once.
    func takeUnended() -> UnendedEvents? {
        defer { unended = nil }
        return unended
    }
}
