// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Synchronization

/// The queue of an input that cannot be read again: what is put in is on the disk before its sender is told so, and is
/// there until every output has said yes to it.
///
/// Senders put messages in from any thread. They gather in memory, at most `pendingLimit` bytes, while the part before
/// is written by the queue's own thread; so a sync is shared by what came meanwhile. A reader takes part after part.
final class DurableQueue: @unchecked Sendable {  // everything that changes is under the lock
    /// What became of messages that were put in together.
    enum Outcome: Sendable {
        /// They are on the disk.
        case kept
        /// There is no room for them now.
        case full
        /// They would never fit.
        case tooLarge
        /// The queue is closed, or could not be written.
        case closed
    }

    struct Pending {
        var writer: RecordWriter
        var time: Int64
        var cursor: String?
        /// All messages of one sender, who waits: nothing is added to it.
        var onKept: (@Sendable (Outcome) -> Void)?
        var isSealed: Bool
        /// What of files is done when it is on the disk.
        var read: [StateStore.Departure] = []
    }

    let row: Int64
    let generation: Generation
    /// The sender's cursor as of the last start.
    let cursor: String?
    private let overflow: QueueOverflow
    private let state: StateStore
    let counters: InputCounters
    let maximumBytes: Int64
    let lock = WaitLock()
    var pending: [Pending] = []
    var pendingBytes: Int64 = 0
    /// The end of what is on the disk.
    var keptEnd: Int64
    var released: Int64
    private var lastTime: Int64 = 0
    private var isFinished = false
    /// The queue's thread has written all it will write.
    var isClosed = false
    /// How long `finish` leaves the disk to take what is left.
    private var deadline = Int64.max
    private var wakings: [@Sendable () -> Void] = []
    /// The queues of branches, which get what this one gets.
    var followers: [DurableQueue] = []

    /// A part is about as large as what is read of a file in one turn.
    static let partLimit = TailedFile.turn
    static let pendingLimit: Int64 = 4 << 20
    private static let patience: Int64 = 5_000_000_000

    init(_ options: QueueOptions, state: StateStore, counters: InputCounters) {
        self.state = state
        self.counters = counters
        overflow = options.overflow
        maximumBytes = Int64(options.maximumBytes)
        let relay = ReleaseRelay()
        let (book, generation) = state.openQueue(options.name) { relay.release($0) }
        row = book.row
        self.generation = generation
        cursor = book.cursor
        keptEnd = book.end
        released = book.released
        relay.connect(self)
        count()
    }

    /// Between the state, which exists before the queue, and the queue, which it must not keep alive.
    private final class ReleaseRelay: Sendable {
        private struct Weak: Sendable { weak var queue: DurableQueue? }
        private let target = Mutex(Weak())
        func connect(_ queue: DurableQueue) { target.withLock { $0.queue = queue } }
        func release(_ reached: Int64) { target.withLock { $0.queue }?.release(upTo: reached) }
    }

    // MARK: Putting in

    var hasRoomLocked: Bool {
        (overflow == .dropNewest || !isFullLocked) && pendingBytes < Self.pendingLimit
    }

    var isFullLocked: Bool { keptEnd - released + pendingBytes >= maximumBytes }

    /// Puts one message in, and does not wait for the disk.
    ///
    /// - Parameters:
    ///   - origin: where it comes from, as JSON of the field `log`; or empty.
    ///   - cursor: where its sender goes on after it.
    ///   - isForced: takes it even where there is no room, because it came with others that were taken.
    /// - Returns: false if there is no room: it is not taken.
    @discardableResult
    func put(
        _ message: ByteView,
        origin: String = "",
        isTruncated: Bool = false,
        cursor: String? = nil,
        isForced: Bool = false
    ) -> Bool {
        let followers: [DurableQueue]? = lock.withLock {
            guard !isClosed, isForced || hasRoomLocked else { return nil }
            if overflow == .dropNewest, isFullLocked {
                counters.overflow.add(1, ordering: .relaxed)
                // They may have room.
                return self.followers
            }
            append(message, origin, isTruncated)
            if let cursor { pending[pending.count - 1].cursor = cursor }
            return self.followers
        }
        guard let followers else { return false }
        for follower in followers { follower.copy(message, origin, isTruncated) }
        return true
    }

    /// Called under the lock.
    func append(_ message: ByteView, _ origin: String, _ isTruncated: Bool) {
        // Who writes looks for more when it is done; it waits only while there is nothing.
        let isFirst = pending.isEmpty
        let writer = openWriter(room: message.count, origin)
        let before = writer.count
        writer.append(message, origin: origin, isTruncated: isTruncated)
        pendingBytes += Int64(writer.count - before)
        if isFirst { lock.wakeAll() }
    }

    private func openWriter(room: Int, _ origin: String) -> RecordWriter {
        if let last = pending.last, !last.isSealed, last.writer.count + room <= Self.partLimit { return last.writer }
        let writer = RecordWriter(capacity: max(4096, room + origin.utf8.count + 64))
        pending.append(Pending(writer: writer, time: nextTime(), isSealed: false))
        return writer
    }

    /// The time of a new part. Called under the lock.
    private func nextTime() -> Int64 {
        // Messages have it and their distance from the part's beginning, so that each has its own: never an earlier one.
        if let last = pending.last { lastTime = max(lastTime, last.time + Int64(last.writer.count)) }
        lastTime = max(SystemClock.now(), lastTime + 1)
        return lastTime
    }

    /// Puts messages in together, and tells when they are on the disk; all of them or none.
    func put(_ writers: [RecordWriter], then onKept: @escaping @Sendable (Outcome) -> Void) {
        let bytes = writers.reduce(0) { $0 + Int64($1.count) }
        let followers = lock.withLock { self.followers }
        // Its sender is told when it is on the disk for everybody.
        let answer = followers.isEmpty ? onKept : SharedAnswer(waitingFor: 1 + followers.count, onKept).settle
        var isDropped = false
        let refusal: Outcome? = lock.withLock {
            if isFinished || isClosed { return .closed }
            if bytes > maximumBytes { return .tooLarge }
            guard pendingBytes < Self.pendingLimit else { return .full }
            guard keptEnd - released + pendingBytes + bytes <= maximumBytes else {
                if overflow == .hold { return .full }
                counters.overflow.add(writers.reduce(0) { $0 + $1.messages }, ordering: .relaxed)
                isDropped = true
                return nil
            }
            append(writers, bytes, then: answer)
            return nil
        }
        if let refusal { return onKept(refusal) }
        if isDropped { answer(.kept) }
        for follower in followers { follower.copy(writers, bytes) { _ in answer(.kept) } }
    }

    /// Called under the lock.
    func append(
        _ writers: [RecordWriter],
        _ bytes: Int64,
        read: [StateStore.Departure] = [],
        then onKept: @escaping @Sendable (Outcome) -> Void
    ) {
        for (number, writer) in writers.enumerated() {
            let isLast = number == writers.count - 1
            var item = Pending(writer: writer, time: nextTime(), onKept: isLast ? onKept : nil, isSealed: true)
            if isLast { item.read = read }
            pending.append(item)
        }
        pendingBytes += bytes
        lock.wakeAll()
    }

    /// Whether a message would be taken.
    var hasRoom: Bool { lock.withLock { hasRoomLocked } }

    /// Calls `wake` once, on any thread, when there may be room again, or when the queue is at its end.
    ///
    /// - Returns: false if there is room now: then it is not called.
    func whenRoom(_ wake: @escaping @Sendable () -> Void) -> Bool {
        lock.withLock {
            if hasRoomLocked || isClosed { return false }
            wakings.append(wake)
            return true
        }
    }

    /// Waits for room. Blocks.
    ///
    /// - Returns: whether there is some.
    func waitForRoom(nanoseconds: Int64) -> Bool {
        lock.withLock {
            if !hasRoomLocked, !isFinished { lock.wait(nanoseconds: nanoseconds) }
            return hasRoomLocked
        }
    }

    /// Nothing more comes. What has been put in is still written, if the disk takes it soon.
    func finish() {
        lock.withLock {
            isFinished = true
            if deadline == .max { deadline = SystemClock.monotonic() + Self.patience }
            lock.wakeAll()
        }
    }

    /// Waits a little, for whoever looks around now and then.
    func rest(nanoseconds: Int64) { lock.withLock { if !isFinished { lock.wait(nanoseconds: nanoseconds) } } }

    // MARK: Writing

    /// Writes what is put in, until the queue is finished. Blocks.
    func run() {
        while let taken = nextPending() {
            let parts = taken.map { QueuePart(records: $0.writer.arena, time: $0.time, cursor: $0.cursor) }
            let bytes = parts.reduce(0) { $0 + Int64($1.records.count) }
            let (ticket, end) = state.enqueue(row, parts, read: taken.flatMap(\.read))
            let isKept = state.isQueued(ticket: ticket) { [self] in
                SystemClock.monotonic() < lock.withLock { deadline }
            }
            let woken = lock.withLock {
                pendingBytes -= bytes
                if isKept { keptEnd = end }
                lock.wakeAll()
                return takeWakings()
            }
            count()
            for pending in taken { pending.onKept?(isKept ? .kept : .closed) }
            for wake in woken { wake() }
            if !isKept { break }
        }
        let (left, woken) = lock.withLock {
            isClosed = true
            isFinished = true
            lock.wakeAll()
            defer { pending = [] }
            return (pending, takeWakings())
        }
        for pending in left { pending.onKept?(.closed) }
        for wake in woken { wake() }
    }

    /// What has gathered, waiting for some; nil at the end.
    private func nextPending() -> [Pending]? {
        lock.withLock {
            while pending.isEmpty {
                if isFinished { return nil }
                lock.wait()
            }
            if let last = pending.last { lastTime = max(lastTime, last.time + Int64(last.writer.count)) }
            defer { pending = [] }
            return pending
        }
    }

    private func takeWakings() -> [@Sendable () -> Void] {
        guard hasRoomLocked || isClosed else { return [] }
        defer { wakings = [] }
        return wakings
    }

    /// Every output has said yes to what is before `reached`.
    private func release(upTo reached: Int64) {
        let woken = lock.withLock {
            released = max(released, reached)
            lock.wakeAll()
            return takeWakings()
        }
        count()
        for wake in woken { wake() }
    }

    private func count() {
        let bytes = lock.withLock { keptEnd - released + pendingBytes }
        counters.queueBytes.store(Int(bytes), ordering: .relaxed)
    }

    // MARK: Reading

    enum Readiness: Sendable {
        /// There is something behind the position.
        case ready
        case nothing
        /// Nothing will come any more.
        case ended
    }

    /// Whether something is behind a position, waiting for it at most so long.
    func readiness(after position: Int64, nanoseconds: Int64) -> Readiness {
        lock.withLock {
            if position >= keptEnd, !isClosed, nanoseconds > 0 { lock.wait(nanoseconds: nanoseconds) }
            if position < keptEnd { return .ready }
            return isClosed ? .ended : .nothing
        }
    }

    /// The end of what is on the disk.
    var end: Int64 { lock.withLock { keptEnd } }
}
