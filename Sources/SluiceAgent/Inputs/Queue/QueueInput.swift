// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceEvents
import SluiceSQLite
import Synchronization

/// An input whose events go through a queue in state. It has three threads: one for the source, one that writes the
/// queue, and its own, which reads the queue and fills batches.
final class QueueInput: Input, @unchecked Sendable {  // what is no lock or atomic belongs to the thread of `run`
    let counters: InputCounters
    private let number: Int
    private let queue: DurableQueue
    private let reader: QueueReader
    private let source: (any QueueSource)?
    private let pool: BatchPool
    private let intake: Intake
    private let batching: Batching
    private let countsBytes: Bool
    private let logger: Logger
    private let mustStop = Atomic(false)
    /// The same input of branches, which get what comes here.
    private let followers = Mutex<[FollowedSource]>([])

    private var batch: EventBatch?
    private var departures: [StateStore.Departure] = []
    private var batchBegan: Int64 = 0
    /// What has been said of messages that there was no room for, and when more can be said.
    private var reportedOverflow: (count: Int, moment: Int64) = (0, .min)

    /// - Parameters:
    ///   - counters: shared with the source.
    ///   - source: nil for a run that only delivers what is in the queue.
    init(
        _ options: QueueOptions,
        counters: InputCounters,
        source: (any QueueSource)?,
        countsBytes: Bool = true,
        _ environment: InputEnvironment
    ) throws {
        self.counters = counters
        self.source = source
        self.countsBytes = countsBytes
        number = environment.number
        pool = environment.pool
        intake = environment.intake
        batching = environment.batching
        logger = environment.logger
        queue = DurableQueue(options, state: environment.state, counters: counters)
        do {
            reader = try QueueReader(
                path: environment.state.databasePath,
                row: queue.row,
                position: queue.generation.resumeOffset(outputs: environment.outputs),
                source: QueueEventSources(generation: queue.generation, options: options)
            )
        } catch {
            throw InputError.database(input: options.name, reason: "\(error)")
        }
    }

    /// Of a branch: its queue gets what comes to that of another pipeline.
    convenience init(_ options: QueueOptions, following leader: QueueInput, _ environment: InputEnvironment) throws {
        let source = FollowedSource()
        try self.init(options, counters: InputCounters(name: options.name), source: source, environment)
        leader.queue.add(follower: queue)
        leader.followers.withLock { $0.append(source) }
    }

    func stop() {
        mustStop.store(true, ordering: .releasing)
        source?.stop()
    }

    func fileReports(nanoseconds: Int64) async -> [FileReport]? {
        guard let source else { return [] }
        return await source.fileReports(nanoseconds: nanoseconds)
    }

    func run() {
        let writing = WorkThread(name: "queue-\(number)") { [queue] in queue.run() }
        let receiving = WorkThread(name: "source-\(number)") { [self] in
            source?.run(into: queue)
            queue.finish()
            for follower in followers.withLock({ $0 }) { follower.end() }
        }
        while !mustStop.load(ordering: .acquiring) {
            if !readNext() { break }
        }
        handOver()
        receiving.join()
        writing.join()
        if let batch {
            pool.giveBack(batch)
            self.batch = nil
        }
    }

    /// Reads the next part, or waits a while for one.
    ///
    /// - Returns: false when nothing will come any more.
    private func readNext() -> Bool {
        reportOverflow()
        var patience: Int64 = 1_000_000_000
        if batch?.segments.isEmpty == false {
            patience = min(patience, batchBegan + batching.timeout - SystemClock.monotonic())
            if patience <= 0 {
                handOver()
                return true
            }
        } else if let empty = batch, queue.readiness(after: reader.position, nanoseconds: 0) != .ready {
            // An input that rests keeps no batch: another may need it.
            batch = nil
            pool.giveBack(empty)
        }
        switch queue.readiness(after: reader.position, nanoseconds: patience) {
        case .nothing: return true
        case .ended: return false
        case .ready: break
        }
        if batch == nil { batch = pool.take(nanoseconds: 100_000_000) }
        guard let batch else { return true }
        let events = batch.events.count
        let bytes = batch.arena.count
        do {
            guard let departure = try reader.read(into: batch, end: queue.end) else { return true }
            if departures.isEmpty { batchBegan = SystemClock.monotonic() }
            departures.append(departure)
        } catch {
            logger.error("a queue cannot be read: trying again", error: error)
            batch.arena.truncate(to: bytes)
            queue.rest(nanoseconds: 1_000_000_000)
            return true
        }
        counters.read(batch.events.count - events, intake.ledger)
        if countsBytes { counters.bytes.add(batch.arena.count - bytes, ordering: .relaxed) }
        if batching.isFull(batch, last: batch.events.count - events) { handOver() }
        return true
    }

    /// Says, at most once a minute, what the queue of a branch had no room for.
    private func reportOverflow() {
        let dropped = counters.overflow.load(ordering: .relaxed)
        let now = SystemClock.monotonic()
        guard dropped > reportedOverflow.count, now >= reportedOverflow.moment else { return }
        logger.error(
            "a queue is full: messages are dropped",
            metadata: [
                "input": "\(counters.name)", "messages": "\(dropped - reportedOverflow.count)",
                "hint": "raise queue.max_bytes to keep more while an output is down",
            ]
        )
        reportedOverflow = (dropped, now + 60_000_000_000)
    }

    private func handOver() {
        guard let full = batch, !departures.isEmpty else { return }
        batch = nil
        let departed = departures
        departures = []
        pool.noteFilled(full)
        intake.submit(full, input: number, departed)
    }
}
