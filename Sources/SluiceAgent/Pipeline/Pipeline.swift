// SPDX-License-Identifier: Apache-2.0

package import Logging
import SluiceCompression
import SluiceEvents
import Synchronization

/// A running pipeline: inputs, workers and deliveries, wired together.
///
/// Lines flow one way: an input's thread fills batches, workers parse, process and encode them, and each output's
/// delivery sends them. What comes back is the acknowledgement, and the backpressure: there are only so many batches.
package final class Pipeline: Sendable {
    package let configuration: PipelineConfiguration
    package let outputCounters: [OutputCounters]
    package let inputCounters: [InputCounters]
    /// Its own folder in the state directory.
    package let stateDirectory: String
    /// When it was made: nanoseconds since 1970.
    let started = SystemClock.now()
    /// What had been sent before the start without every output's yes, by generation: why it may arrive twice.
    let repeats: [String: String]
    private let state: StateStore
    private let inputs: [any Input]
    private let deliveries: [Delivery]
    private let workers: [@Sendable () -> Void]
    private let intake: Intake
    private let pool: BatchPool
    private let logger: Logger
    private let ledger: EventLedger
    private let isStopping = Mutex(false)

    /// How a run ended.
    package enum Outcome: Sendable, Equatable {
        /// Everything that was read is delivered.
        case finished
        /// Something is left for the next start.
        case unfinished(batches: Int)
        /// Everything is delivered, but the state does not know all of it: the next start sends that again.
        case unremembered
    }

    /// - Parameters:
    ///   - stateDirectory: the pipeline's own.
    ///   - leader: of a branch, the pipeline whose inputs hand on what cannot be read twice.
    ///   - isOnce: reads every file to the size it has now, and ends.
    package init(
        _ configuration: PipelineConfiguration,
        stateDirectory: String,
        following leader: Pipeline? = nil,
        transport: any Transport,
        isOnce: Bool,
        logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.stateDirectory = stateDirectory
        let names = configuration.outputs.map(\.options.name)
        let state = try StateStore(
            directory: stateDirectory,
            outputs: names,
            fromBeginning: Set(configuration.outputs.map(\.options).filter(\.startsAtBeginning).map(\.name)),
            deadLetters: configuration.deadLetters,
            isReplaceable: !configuration.inputs.contains(where: \.options.isQueued),
            logger: logger
        )
        self.state = state
        repeats = Self.repeats(state.allGenerations)
        let processors = configuration.maximumProcessors ?? ProcessorCount.available
        let batching = Batching(configuration.outputs.map(\.options))
        let pool = BatchPool(
            capacity: 3 + processors,
            // Room for the last turn of reading and for what processors add, so that no batch has to grow.
            arenaLimit: batching.bytes + TailedFile.turn + (128 << 10),
            fieldSlack: 4
        )
        let ledger = EventLedger()
        self.ledger = ledger
        let intake = Intake(state: state, capacity: processors, ledger: ledger)
        self.pool = pool
        self.intake = intake
        let deliveries = try configuration.outputs.enumerated().map { number, output in
            try Delivery(output: output, state: state, transport: transport, ledger: ledger, logger: logger) { [pool] in
                pool.makeRoom(for: $0, of: number)
            }
        }
        self.deliveries = deliveries
        for output in configuration.outputs where output.options.compression == .gzip(.igzip) {
            guard output.options.compressionLevel > 0, let problem = GzipEngine.igzipProblem else { continue }
            logger.warning(
                "igzip is asked for and cannot be used: zlib compresses in its place",
                metadata: ["output": "\(output.options.name)", "reason": "\(problem)"]
            )
        }
        outputCounters = deliveries.map(\.counters)
        inputs = try configuration.inputs.enumerated().map { number, input in
            let environment = InputEnvironment(
                number: number,
                state: state,
                outputs: names,
                pool: pool,
                intake: intake,
                batching: batching,
                isOnce: isOnce,
                otherGenerations: { leader?.generations ?? [] },
                logger: logger
            )
            guard let source = leader?.inputs[number] as? QueueInput,
                let options = input.options as? any QueuedInputConfiguration
            else { return try input.options.makeInput(environment) }
            return try QueueInput(options.queue, following: source, environment)
        }
        let queueNames = Set(configuration.inputs.filter { $0.options.isQueued }.map { $0.options.name })
        for (name, bytes) in state.abandonedQueues(except: queueNames) {
            logger.warning(
                "the queue of an input that is not there any more holds events; they go on when it is there again",
                metadata: ["input": "\(name)", "bytes": "\(bytes)"]
            )
        }
        inputCounters = inputs.map(\.counters)
        let counters = inputCounters
        var workers: [@Sendable () -> Void] = []
        for _ in 0..<processors {
            let worker = try Worker(
                intake: intake,
                stages: Self.stages(configuration),
                inputs: counters,
                deliveries: deliveries,
                state: state,
                pool: pool
            )
            let owned = Owned(worker)
            workers.append { owned.value.run() }
        }
        self.workers = workers
    }

    /// A worker, on its way to the thread that it belongs to.
    private struct Owned: @unchecked Sendable {
        let value: Worker
        init(_ value: Worker) { self.value = value }
    }

    static func stages(_ configuration: PipelineConfiguration) -> [EventPipeline] {
        configuration.inputs.map { input in
            let problems = ConfigurationProblems()
            return EventPipeline(
                parser: input.makeParser(),
                processors: ProcessorList(
                    node: input.processors,
                    context: configuration.context,
                    problems: problems
                ),
                ProcessorList(node: configuration.processors, context: configuration.context, problems: problems)
            )
        }
    }

    private static func repeats(_ generations: [Generation]) -> [String: String] {
        var repeats: [String: String] = [:]
        for generation in generations where !generation.underWay.isEmpty {
            repeats[generation.identifier] =
                "\(FileReport.underWayBytes(generation)) bytes had been sent before the start, and not all said yes to"
        }
        return repeats
    }

    /// Every generation that state knows.
    var generations: [Generation] { state.allGenerations }

    /// What the queues on the disk hold.
    var queueReports: [QueueReport] { state.queueReports }

    /// The files of each input, by its thread's own word; nil for one whose thread does not answer in time.
    func fileReports(nanoseconds: Int64) async -> [[FileReport]?] {
        await withTaskGroup(of: (Int, [FileReport]?).self) { group in
            for (number, input) in inputs.enumerated() {
                group.addTask { (number, await input.fileReports(nanoseconds: nanoseconds)) }
            }
            var reports = [[FileReport]?](repeating: nil, count: inputs.count)
            for await (number, files) in group { reports[number] = files }
            return reports
        }
    }

    /// Batches that were handed over, and that an output has not settled.
    func outstandingBatches(_ output: Int) -> Int { Int(intake.count) - deliveries[output].acknowledged }

    /// Where all events are now.
    var eventCounts: EventCounts { EventCounts(inputCounters, outputCounters, ledger: ledger) }

    /// How many batches are under way.
    package var batchesInFlight: Int { pool.inUse }

    /// Asks the run to end: reading stops, and what is under way gets `shutdown_timeout` to arrive.
    package func stop() {
        isStopping.withLock { $0 = true }
        for input in inputs { input.stop() }
        pool.close()
    }

    /// Runs until it is stopped or, once, until everything has been read and delivered.
    ///
    /// - Parameter timeout: nanoseconds for a run with an end (`--timeout`); nil: as long as it takes.
    package func run(timeout: Int64? = nil) async -> Outcome {
        logger.info("pipeline runs", metadata: ["pipeline": "\(configuration.name)"])
        let sending = Task {
            await withTaskGroup(of: Void.self) { group in
                for delivery in deliveries { group.addTask { await delivery.run() } }
            }
        }
        let limit = timeout.map { timeout in
            Task {
                try await Task.sleep(for: .nanoseconds(timeout))
                stop()
                sending.cancel()
                state.abandonWaiting()
            }
        }
        await runThreads()
        for delivery in deliveries { delivery.close() }
        let grace = isStopping.withLock { $0 } ? configuration.shutdownTimeout : nil
        let cutting = Task {
            // A run that was not stopped ends when everything has arrived; a stop can come meanwhile.
            if grace == nil { while !isStopping.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(100)) } }
            try await Task.sleep(for: .nanoseconds(configuration.shutdownTimeout))
            sending.cancel()
            state.abandonWaiting()
        }
        await sending.value
        cutting.cancel()
        limit?.cancel()
        let left = unfinishedBatches
        await Blocking.run { [state] in state.close() }
        reportEnd()
        if left > 0 { return .unfinished(batches: left) }
        return state.isIncomplete ? .unremembered : .finished
    }

    /// What a person wants to know who has run it once.
    private func reportEnd() {
        let read = inputCounters.reduce(0) { $0 + $1.events.load(ordering: .relaxed) }
        let dropped = inputCounters.reduce(0) { $0 + $1.dropped.load(ordering: .relaxed) }
        var metadata: Logger.Metadata = [
            "pipeline": "\(configuration.name)", "read": "\(read)", "dropped": "\(dropped)",
        ]
        for counters in outputCounters {
            let counts = [
                ("delivered", counters.delivered.load(ordering: .relaxed)),
                ("duplicate", counters.duplicates.load(ordering: .relaxed)),
                ("failure_store", counters.redirected.load(ordering: .relaxed)),
                ("dropped", counters.dropped),
                ("dead_letter", counters.deadLetters.load(ordering: .relaxed)),
            ]
            metadata["output.\(counters.name)"] = .string(
                counts.filter { $0.0 == "delivered" || $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
            )
        }
        logger.info("pipeline has ended", metadata: metadata)
    }

    private var unfinishedBatches: Int {
        Int(intake.count) * deliveries.count - deliveries.reduce(0) { $0 + $1.acknowledged }
    }

    /// Inputs and workers, from the first to the last.
    private func runThreads() async {
        await Blocking.run { [inputs, workers, intake] in
            let working = workers.enumerated().map { number, work in WorkThread(name: "worker-\(number)", work) }
            let reading = inputs.enumerated().map { number, input in
                WorkThread(name: "input-\(number)") { input.run() }
            }
            for thread in reading { thread.join() }
            intake.queue.close()
            for thread in working { thread.join() }
        }
    }
}
