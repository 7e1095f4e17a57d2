// SPDX-License-Identifier: Apache-2.0

package import Logging
import SluiceSQLite

/// What the agent knows across restarts: the generations of files, what each output has said yes to, what is under way
/// and what was given up.
///
/// Everything is decided in memory, under one lock; a thread of its own commits what has changed. A batch is sent only
/// when its ranges are on the disk; acknowledgements are committed together, at most 100 ms later.
package final class StateStore: @unchecked Sendable {  // everything that changes is under the lock
    /// Acknowledgements wait this long for company.
    private static let groupingTime: Int64 = 100_000_000
    /// Commits follow one another no faster than this: a busy agent's batches share them.
    private static let pause: Int64 = 15_000_000
    /// And no faster than this while nothing waits for one: what they hold is still being parsed and encoded.
    private static let easyPause: Int64 = 30_000_000

    let lock = WaitLock()
    let outputs: [String]
    private let logger: Logger
    let directory: StateDirectory
    var generations: GenerationTable
    private var nextRow: Int64
    var changes = StateChanges()
    /// The queues of inputs that cannot be read again.
    var queues: QueueBooks
    var letterRoom: DeadLetterRoom
    private var committedSequence: UInt64 = 0
    private var waiting: [(sequence: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    private var isClosing = false
    private(set) var isClosed = false
    private(set) var isAbandoned = false
    private var hasUnwritten = false
    private var isFlushRequested = false
    private(set) var threadWaitsFor = Event.nothing
    private var thread: WorkThread?

    /// What the committing thread waits for. It is woken for nothing else: for a busy agent, most of what happens falls
    /// into a pause.
    enum Event: Int {
        case nothing
        /// A batch that is ready and waits for its ranges.
        case waitingBatch
        /// A batch that will wait for its ranges.
        case batch
        case change
    }

    /// - Parameters:
    ///   - directory: is made if it is not there.
    ///   - outputs: the names of the outputs that are to say yes.
    ///   - isReplaceable: whether nothing is lost by beginning anew where the state is damaged: no input needs its queue.
    ///   - fromBeginning: those among them that get all there is, if they are new.
    package init(
        directory path: String,
        outputs: [String],
        fromBeginning: Set<String> = [],
        deadLetters: DeadLetterOptions = DeadLetterOptions(),
        isReplaceable: Bool = false,
        logger: Logger
    ) throws(StateError) {
        self.outputs = outputs
        self.logger = logger
        directory = try StateDirectory(path)
        let loaded: LoadedState
        do throws(StateError) {
            loaded = try LoadedState(path + "/state.db")
        } catch {
            guard isReplaceable, case .database(let reason) = error, reason.isCorrupt else { throw error }
            try DamagedState.setAside(directory: path, reason: reason, logger: logger)
            loaded = try LoadedState(path + "/state.db")
        }
        generations = loaded.generations
        queues = loaded.queues
        letterRoom = DeadLetterRoom(deadLetters, kept: loaded.letterBytes)
        let database = loaded.database
        database.letterOptions = deadLetters
        nextRow = (generations.lastRow ?? 0) + 1
        begin(outputs: fromBeginning)
        forgetWhatIsDone()
        // The database is the thread's alone from here on.
        let handedOver = HandedOver(database)
        thread = WorkThread(name: "state") { [weak self] in self?.run(handedOver.value) }
    }

    private struct HandedOver: @unchecked Sendable {
        let value: StateDatabase
        init(_ value: StateDatabase) { self.value = value }
    }

    // MARK: Generations

    /// Those of files.
    package var allGenerations: [Generation] {
        lock.withLock { generations.all.filter { queues.books[$0.row] == nil } }
    }

    package func generation(_ row: Int64) -> Generation? { lock.withLock { generations[row] } }

    /// Begins a new generation; it is on the disk before the first batch that has a part of it is sent.
    ///
    /// - Parameter offset: where reading begins; what is before it counts as done.
    package func beginGeneration(
        path: String,
        device: UInt64,
        inode: UInt64,
        head: FileFingerprint,
        offset: Int64 = 0
    ) -> Generation {
        lock.withLock {
            var generator = SystemRandomNumberGenerator()
            var generation = Generation(
                row: nextRow,
                identifier: Generation.randomIdentifier(using: &generator),
                path: path,
                device: device,
                inode: inode,
                head: head
            )
            for output in outputs { generation.progress[output] = ByteRanges(contiguous: offset) }
            nextRow += 1
            generations[generation.row] = generation
            changes.generations.insert(generation.row)
            changes.progress[generation.row] = Set(outputs)
            return generation
        }
    }

    /// Notes that a generation goes on in another file (it was copied or restored), or that more of its head is known.
    package func update(_ row: Int64, device: UInt64, inode: UInt64, head: FileFingerprint) {
        lock.withLock {
            guard var generation = generations[row] else { return }
            generation.device = device
            generation.inode = inode
            generation.head = head
            generations[row] = generation
            changes.generations.insert(row)
        }
    }

    /// Forgets a generation.
    package func remove(_ row: Int64) {
        lock.withLock {
            generations[row] = nil
            changes.generations.remove(row)
            changes.marks.remove(row)
            changes.progress[row] = nil
            changes.begun.removeAll { $0.row == row }
            changes.ended.removeAll { $0.row == row }
            changes.forced.removeAll { $0.row == row }
            changes.unforced.removeAll { $0.row == row }
            changes.removed.append(row)
            if threadWaitsFor == .change { lock.wakeAll() }
        }
    }

    // MARK: Batches

    /// Notes what a batch holds. Called in the order of the batches' sequence.
    package func begin(sequence: UInt64, _ departures: [Departure]) {
        lock.withLock {
            for departure in departures {
                guard var generation = generations[departure.row] else { continue }
                let range = departure.underWay.range
                // What is read again after a restart is under way already, in a longer piece.
                let isKnown = generation.underWay.contains {
                    $0.range.lowerBound <= range.lowerBound && $0.range.upperBound >= range.upperBound
                }
                if !isKnown {
                    // State has one that begins there: what is read beyond a piece that was under way makes it longer. Were
                    // the shorter one kept, its end would be taken for the end of both.
                    generation.underWay.removeAll { $0.range.lowerBound == range.lowerBound }
                    changes.begun.removeAll {
                        $0.row == departure.row && $0.underWay.range.lowerBound == range.lowerBound
                    }
                    generation.underWay.append(departure.underWay)
                    changes.begun.append((departure.row, departure.underWay))
                }
                for range in departure.forced where !generation.forced.contains(range) {
                    generation.forced.append(range)
                    changes.forced.append((departure.row, range))
                }
                if let anchor = departure.anchor, anchor.offset >= generation.anchor?.offset ?? 0 {
                    generation.anchor = anchor
                    changes.generations.insert(departure.row)
                }
                generations[departure.row] = generation
            }
            changes.sequence = sequence
            if threadWaitsFor == .batch || threadWaitsFor == .change { lock.wakeAll() }
        }
    }

    /// Waits until everything up to this batch is on the disk.
    ///
    /// - Returns: false if the state was closed first: then the batch must not be sent.
    package func isDurable(sequence: UInt64) async -> Bool {
        await withCheckedContinuation { continuation in
            let isKnown: Bool? = lock.withLock {
                if committedSequence >= sequence { return true }
                if isClosed || isAbandoned { return false }
                waiting.append((sequence, continuation))
                if threadWaitsFor == .waitingBatch { lock.wakeAll() }
                return nil
            }
            if let isKnown { continuation.resume(returning: isKnown) }
        }
    }

    /// Notes that an output has said yes to (or given up, with dead letters) everything in some ranges.
    package func acknowledge(output: String, _ ranges: [(row: Int64, range: Range<Int64>)], deadLetters: [DeadLetter]) {
        let releases = lock.withLock {
            for (row, range) in ranges {
                guard var generation = generations[row] else { continue }
                generations[row] = nil  // so that the value is changed in place
                generation.progress[output, default: ByteRanges()].insert(range)
                changes.progress[row, default: []].insert(output)
                let progress = generation.progress
                generation.underWay.removeAll { underWay in
                    guard progress.isDone(underWay.range, outputs: outputs) else { return false }
                    // What was begun and ended between two commits is not written; a shorter one may have been before.
                    changes.begun.removeAll {
                        $0.row == row && $0.underWay.range.lowerBound == underWay.range.lowerBound
                    }
                    changes.ended.append((row, underWay.range.lowerBound))
                    return true
                }
                if !generation.forced.isEmpty { forget(&generation) }
                generations[row] = generation
            }
            changes.deadLetters += deadLetters
            let releases = queues.isEmpty ? [] : Set(ranges.map(\.row)).compactMap { release(generations[$0]) }
            if threadWaitsFor == .change { lock.wakeAll() }
            return releases
        }
        for release in releases { release() }
    }

    /// Forgets the boundaries that nobody will read again.
    private func forget(_ generation: inout Generation) {
        let (row, offset) = (generation.row, generation.resumeOffset(outputs: outputs))
        generation.forced.removeAll { range in
            guard range.upperBound <= offset else { return false }
            if let place = changes.forced.firstIndex(where: { $0.row == row && $0.range == range }) {
                changes.forced.remove(at: place)
            } else {
                changes.unforced.append((row, range))
            }
            return true
        }
    }

    /// Waits until everything noted so far is on the disk. Blocks; at most `nanoseconds`.
    package func flush(nanoseconds: Int64 = 10_000_000_000) {
        let deadline = SystemClock.monotonic() + nanoseconds
        lock.withLock {
            while !changes.isEmpty || isFlushRequested, !isClosed {
                let left = deadline - SystemClock.monotonic()
                guard left > 0 else { return }
                isFlushRequested = true
                lock.wakeAll()
                lock.wait(nanoseconds: left)
            }
        }
    }

    /// Whether something was noted that could not be written until the state was closed.
    package var isIncomplete: Bool { lock.withLock { hasUnwritten } }

    /// Commits what is left and lets go of the directory. Blocks.
    package func close() {
        let thread = lock.withLock {
            isClosing = true
            lock.wakeAll()
            defer { self.thread = nil }
            return self.thread
        }
        thread?.join()
    }

    /// Lets nobody wait any longer for the disk: a stop must end even where nothing can be written.
    package func abandonWaiting() {
        let left = lock.withLock {
            isAbandoned = true
            defer { waiting = [] }
            return waiting
        }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }

    // MARK: Committing

    private func run(_ database: StateDatabase) {
        var lastFailure: Int64 = .min
        var lastCommit: Int64 = 0
        var droppedLetters = DroppedLetters(logger)
        while let (changes, generations) = nextChanges(after: lastCommit) {
            lastCommit = SystemClock.monotonic()
            var isCommitted = false
            while !isCommitted {
                do {
                    try database.commit(changes, generations: generations, now: SystemClock.now())
                    isCommitted = true
                    droppedLetters.report(database.droppedLetters)
                } catch {
                    let now = SystemClock.monotonic()
                    if lastFailure == .min || now - lastFailure > 60_000_000_000 {
                        lastFailure = now
                        logger.error("state cannot be written, so nothing is sent: trying again", error: error)
                    }
                    if waitAfterFailure() { break }
                }
            }
            finish(changes, isCommitted: isCommitted)
        }
        database.close()
        finishAll()
    }

    /// Waits for something to commit, and lets a pause pass after the last commit; nil when it is time to end.
    private func nextChanges(after lastCommit: Int64) -> (StateChanges, [Int64: Generation])? {
        lock.withLock {
            defer { threadWaitsFor = .nothing }
            while true {
                threadWaitsFor = .change
                if changes.isEmpty {
                    if isFlushRequested {
                        isFlushRequested = false
                        lock.wakeAll()
                    }
                    if isClosing { return nil }
                    lock.wait()
                    continue
                }
                threadWaitsFor = .nothing
                wait(until: lastCommit + Self.pause) { true }
                threadWaitsFor = .waitingBatch
                wait(until: lastCommit + Self.easyPause) { waiting.isEmpty && changes.queues.parts.isEmpty }
                // A batch waits for its ranges; acknowledgements alone wait for company.
                threadWaitsFor = .batch
                wait(until: SystemClock.monotonic() + Self.groupingTime) { !changes.isUrgent }
                var named: [Int64: Generation] = [:]
                for row in changes.generations { named[row] = generations[row] }
                for row in changes.progress.keys { named[row] = generations[row] }
                for row in changes.marks { named[row] = generations[row] }
                let taken = changes
                changes = StateChanges()
                return (taken, named)
            }
        }
    }

    /// Waits, under the lock, until this moment, while there is time for it and nobody asks for a commit.
    private func wait(until moment: Int64, while hasTime: () -> Bool) {
        while hasTime(), !isClosing, !isFlushRequested {
            let left = moment - SystemClock.monotonic()
            if left <= 0 { return }
            lock.wait(nanoseconds: left)
        }
    }

    /// - Returns: true if it is time to give up.
    private func waitAfterFailure() -> Bool {
        lock.withLock {
            if !isClosing { lock.wait(nanoseconds: 1_000_000_000) }
            return isClosing
        }
    }

    private func finish(_ changes: StateChanges, isCommitted: Bool) {
        guard isCommitted else {
            lock.withLock { hasUnwritten = true }
            return
        }
        let ready = lock.withLock {
            if let sequence = changes.sequence { committedSequence = max(committedSequence, sequence) }
            queues.committed = max(queues.committed, changes.queues.ticket)
            if !changes.deadLetters.isEmpty { letterRoom.written(DeadLetter.size(of: changes.deadLetters)) }
            let ready = waiting.filter { $0.sequence <= committedSequence }
            waiting.removeAll { $0.sequence <= committedSequence }
            lock.wakeAll()
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    private func finishAll() {
        let left = lock.withLock {
            isClosed = true
            defer { waiting = [] }
            lock.wakeAll()
            return waiting
        }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }
}
