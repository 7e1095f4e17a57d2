// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceBytes
import SluiceEvents
import Synchronization

/// Tails the files that match some patterns: one thread that looks for files, reads them in turns, and fills batches.
final class FileInput: @unchecked Sendable {  // its own thread's alone, but for `stopping` and the counters
    let options: FileInputOptions
    let counters: InputCounters
    private let number: Int
    private let catalogue: FileCatalogue
    private let pool: BatchPool
    private let sink: any BatchSink
    /// Whether its events are counted when they are handed on, and not by who takes them.
    private let countsEvents: Bool
    private let ledger: EventLedger
    private let batching: Batching
    private let isOnce: Bool
    private let logger: Logger
    private let stopping = WakeUp()
    private let statusRequests = StatusRequests()
    /// A file has been rotated, or something was missed: everything has to be looked through.
    private var isScanDue = false
    private var queue = ReadQueue()
    /// What another pipeline knows of the same files.
    private let otherGenerations: @Sendable () -> [Generation]
    private var hasLookedForLost = false
    /// Files of which it has been said that something in them is no container's line, or needs a pattern too long.
    private var reported: Set<String> = []

    private var batch: EventBatch?
    private var departures: [StateStore.Departure] = []
    /// When the first event of the batch came in, on the monotonic clock.
    private var batchBegan: Int64 = 0

    /// Until a file is looked at again that waits for the one before it.
    private static let successionPause: Int64 = 10_000_000

    init(
        options: FileInputOptions,
        number: Int,
        state: StateStore,
        outputs: [String],
        pool: BatchPool,
        sink: any BatchSink,
        countsEvents: Bool = true,
        ledger: EventLedger,
        batching: Batching,
        isOnce: Bool,
        otherGenerations: @escaping @Sendable () -> [Generation] = { [] },
        logger: Logger
    ) throws {
        self.options = options
        self.number = number
        self.pool = pool
        self.sink = sink
        self.countsEvents = countsEvents
        self.ledger = ledger
        self.batching = batching
        self.isOnce = isOnce
        self.otherGenerations = otherGenerations
        self.logger = logger
        counters = InputCounters(name: options.name)
        catalogue = try FileCatalogue(
            options: options,
            state: state,
            outputs: outputs,
            counters: counters,
            isWatching: !isOnce,
            logger: logger
        )
    }

    /// Ends `run` soon. What has been read is handed on.
    func stop() { stopping.wake() }

    private var mustStop: Bool { stopping.isAwake }

    /// How its files stand, as its thread tells it between two rounds.
    ///
    /// - Returns: nil if the thread does not get to it within `nanoseconds`.
    package func fileReports(nanoseconds: Int64) async -> [FileReport]? {
        await statusRequests.ask(nanoseconds: nanoseconds) { stopping.nudge() }
    }

    /// Reads until it is stopped or, once, until everything that was there at the start has been read.
    func run() {
        var nextScan: Int64 = 0
        var nextClosing: Int64 = 0
        while !mustStop {
            statusRequests.answer { catalogue.fileReports(isHeldBack: batch == nil && pool.isExhausted) }
            let now = SystemClock.monotonic()
            if now >= nextScan || isScanDue {
                isScanDue = false
                if nextScan == 0 || !isOnce { catalogue.scan(isFirst: nextScan == 0, monotonic: now) }
                if isOnce, nextScan == 0 { for file in catalogue.files.values { file.limit = file.limitNow } }
                nextScan = now + scanInterval(taken: SystemClock.monotonic() - now)
            }
            if !isOnce, now >= nextClosing {
                catalogue.closeFinished(monotonic: now)
                nextClosing = now + closingInterval(taken: SystemClock.monotonic() - now)
            }
            // What has come while everything was looked through is told by now, and before a file is read that it took the
            // name of: an event can go on there.
            if catalogue.readChanges(monotonic: now, wake: { queue.wake($0) }) { isScanDue = true }
            catalogue.openWaiting(monotonic: now)
            for file in catalogue.takeOpened() {
                if isOnce, file.limit == .max { file.limit = file.limitNow }
                queue.wake(file)
            }
            if !hasLookedForLost, !catalogue.hasWaiting {
                hasLookedForLost = true
                counters.lostBytes.add(Int(catalogue.reportLost(besides: otherGenerations())), ordering: .relaxed)
            }
            queue.wakeDue(at: now)
            let hasProgress = endUnended() || readRound()
            if let batch, !batch.segments.isEmpty {
                let age = SystemClock.monotonic() - batchBegan
                if age >= batching.timeout || (isOnce && !hasProgress) { handOver() }
            }
            if isOnce, !hasProgress, isDone { break }
            if !hasProgress, !isScanDue, queue.count == 0 {
                giveBackEmptyBatch()
                rest(until: min(nextScan, nextClosing))
            }
        }
        handOver()
        if isOnce { reportUnfinished() }
        statusRequests.close()
        catalogue.closeAll()
    }

    private var isDone: Bool {
        !catalogue.hasWaiting && catalogue.unended.isEmpty
            && catalogue.files.values.allSatisfy { $0.isAtLimit || $0.isFailing }
    }

    /// How long until everything is looked through again. Where changes are told that is a safety net; in any case it
    /// takes a small part of the time.
    private func scanInterval(taken: Int64) -> Int64 {
        let wanted = options.scanInterval
        let isTold = catalogue.isWatchingEverything
        return max(isTold ? max(wanted, min(wanted &* 10, 60_000_000_000)) : wanted, taken * (isTold ? 100 : 10))
    }

    /// How long until it is asked which files can be closed: more often than everything is looked through, because the room
    /// that a deleted file takes is free only then.
    private func closingInterval(taken: Int64) -> Int64 {
        max(100_000_000, min(max(options.closeInactive / 4, taken * 100), 10_000_000_000))
    }

    /// Gives every file that is ready a turn.
    ///
    /// - Returns: whether there was anything to read.
    private func readRound() -> Bool {
        var hasProgress = false
        for _ in 0..<queue.count {
            if mustStop { return hasProgress }
            guard let file = queue.next() else { break }
            if file.isClosed || file.isAtLimit { continue }
            guard let batch = currentBatch() else {
                queue.wake(file)
                return hasProgress
            }
            if read(file, into: batch) { hasProgress = true }
        }
        return hasProgress
    }

    /// - Returns: whether there was anything to read.
    private func read(_ file: TailedFile, into batch: EventBatch) -> Bool {
        let monotonic = SystemClock.monotonic()
        if catalogue.mustWait(file, wake: { queue.wake($0) }) {
            queue.sleep(file, until: monotonic + Self.successionPause)
            return false
        }
        catalogue.noteAwaited(file)
        let events = batch.events.count
        let before = file.readEnd
        let unwantedBefore = file.unwantedLines
        let isEmpty = batch.segments.isEmpty
        let turn = file.read(
            into: batch,
            now: SystemClock.now(),
            monotonic: monotonic
        ) { departures.append($0) }
        var hasProgress = false
        switch turn {
        case .progress:
            hasProgress = true
            if isEmpty, !batch.segments.isEmpty { batchBegan = monotonic }
            let unwanted = file.unwantedLines - unwantedBefore
            counters.read(countsEvents ? batch.events.count - events : 0, unwanted: unwanted, ledger)
            counters.bytes.add(Int(max(0, file.readEnd - before)), ordering: .relaxed)
            if file.framing != nil { report(file) }
            catalogue.madeProgress(file)
            queue.wake(file)
        case .idle:
            if !isOnce, file.watchName == nil, catalogue.hasSuccessor(file) { isScanDue = true }
            queue.sleep(file, until: file.nextRead)
            catalogue.settle(file)
        case .replaced:
            // Where the old content ended has to be known before it is looked for elsewhere.
            catalogue.endEventsOfPredecessor(file)
            _ = endUnended()
            handOver()
            let row = file.generation.row
            catalogue.handedOnBeyond[row] = file.handedOnBeyond
            catalogue.replace(file, monotonic: monotonic)
            // If it goes on in a copy, its last event does.
            if let rest = file.takeUnended(), !catalogue.openRows.contains(row) { catalogue.unended.append(rest) }
            catalogue.handedOnBeyond[row] = nil
            queue.wake(file)
            return true
        case .failed(let code):
            catalogue.failed(file, code: code)
            queue.sleep(file, until: monotonic + 1_000_000_000)
        case .unreadable(let reason):
            catalogue.complain(file.path, "its text cannot be read (\(reason))")
            file.isFailing = true
            queue.sleep(file, until: monotonic + 1_000_000_000)
        }
        if batching.isFull(batch, last: batch.events.count - events) { handOver() }
        return hasProgress
    }

    /// Hands on the last events of content that is gone.
    ///
    /// - Returns: whether there were any.
    private func endUnended() -> Bool {
        guard !catalogue.unended.isEmpty, let batch = currentBatch() else { return false }
        if batch.segments.isEmpty { batchBegan = SystemClock.monotonic() }
        let events = batch.events.count
        let unended = catalogue.unended
        catalogue.unended = []
        for rest in unended { rest.flush(into: batch, now: SystemClock.now()) { departures.append($0) } }
        if countsEvents { counters.read(batch.events.count - events, ledger) }
        return true
    }

    /// Counts lines that are none of a container, and says once for a file what is wrong with it.
    private func report(_ file: TailedFile) {
        guard let framer = file.framing?.framer else { return }
        if let failure = framer.lastContainerFailure, reported.insert("container \(file.path)").inserted {
            logger.warning(
                "a line is not a container's, and is taken as it is; there may be more of them",
                metadata: ["path": "\(file.path)", "reason": "\(failure)"]
            )
        }
        if framer.patternFailures > 0, reported.insert("pattern \(file.path)").inserted {
            logger.warning(
                "a pattern needs too long for a line, which counts as not matching: make the pattern simpler",
                metadata: ["path": "\(file.path)", "input": "\(options.name)"]
            )
        }
    }

    /// The batch that is being filled; nil if there is none to be had and it is time to look around.
    private func currentBatch() -> EventBatch? {
        if let batch { return batch }
        batch = pool.take(nanoseconds: 100_000_000)
        return batch
    }

    /// An input that rests keeps no batch: another may need it.
    private func giveBackEmptyBatch() {
        guard let empty = batch, empty.segments.isEmpty else { return }
        batch = nil
        pool.giveBack(empty)
    }

    private func handOver() {
        guard let full = batch, !full.segments.isEmpty else { return }
        batch = nil
        let departed = merged(departures)
        departures = []
        pool.noteFilled(full)
        sink.submit(full, input: number, departed)
    }

    /// Stretches of one generation that follow one another, as one.
    private func merged(_ departures: [StateStore.Departure]) -> [StateStore.Departure] {
        var result: [StateStore.Departure] = []
        for departure in departures {
            if let last = result.last, last.row == departure.row,
                last.underWay.range.upperBound == departure.underWay.range.lowerBound,
                last.underWay.time == departure.underWay.time, last.underWay.timeOffset == departure.underWay.timeOffset
            {
                result[result.count - 1].underWay.range =
                    last.underWay.range.lowerBound..<departure.underWay.range.upperBound
                result[result.count - 1].anchor = departure.anchor
                result[result.count - 1].forced += departure.forced
            } else {
                result.append(departure)
            }
        }
        return result
    }

    /// Sleeps until a file is due or something has changed, the batch has waited long enough, or it is time to scan or
    /// stop.
    private func rest(until moment: Int64) {
        let now = SystemClock.monotonic()
        var wake = isOnce ? now + 10_000_000 : moment
        if let batch, !batch.segments.isEmpty { wake = min(wake, batchBegan + batching.timeout) }
        if let earliest = queue.earliest { wake = min(wake, earliest) }
        guard wake > now else { return }
        stopping.wait(nanoseconds: wake - now, or: catalogue.watchDescriptor)
    }

    private func reportUnfinished() {
        for file in catalogue.files.values.sorted(by: { $0.path < $1.path }) where file.hasUnfinishedLine {
            logger.warning(
                "the last line has no line end, so it waits for the next run",
                metadata: ["path": "\(file.path)", "offset": "\(file.position)", "bytes": "\(file.lag)"]
            )
        }
    }
}
