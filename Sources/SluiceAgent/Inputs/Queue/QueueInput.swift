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
    private let batching: FileInput.Batching
    private let logger: Logger
    private let mustStop = Atomic(false)

    private var batch: EventBatch?
    private var departures: [StateStore.Departure] = []
    private var batchBegan: Int64 = 0

    /// - Parameters:
    ///   - counters: shared with the source.
    ///   - source: nil for a run that only delivers what is in the queue.
    init(
        _ options: QueueOptions,
        counters: InputCounters,
        source: (any QueueSource)?,
        _ environment: InputEnvironment
    ) throws {
        self.counters = counters
        self.source = source
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

    func stop() {
        mustStop.store(true, ordering: .releasing)
        source?.stop()
    }

    func run() {
        let writing = WorkThread(name: "queue-\(number)") { [queue] in queue.run() }
        let receiving = WorkThread(name: "source-\(number)") { [queue, source] in
            source?.run(into: queue)
            queue.finish()
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
        counters.bytes.add(batch.arena.count - bytes, ordering: .relaxed)
        if batch.arena.count >= batching.bytes || batch.events.count >= batching.events { handOver() }
        return true
    }

    private func handOver() {
        guard let full = batch, !departures.isEmpty else { return }
        batch = nil
        let departed = departures
        departures = []
        intake.submit(full, input: number, departed)
    }
}
