// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceCompression
import SluiceEvents
import Synchronization

/// One thread of CPU work: takes batches, parses and processes them, and writes the requests of every output.
final class Worker {
    private let intake: Intake
    private let stages: [EventPipeline]
    private let inputs: [InputCounters]
    private let outputs: [Encoding]
    private let state: StateStore
    private let pool: BatchPool

    /// What a worker has for each output.
    private struct Encoding {
        let delivery: Delivery
        /// Which events it gets; nil: all.
        let condition: (any Condition)?
        let encoder: any OutputEncoder
        let builder: RequestBuilder
    }

    /// - Parameter stages: one for each input, this worker's own.
    init(
        intake: Intake,
        stages: [EventPipeline],
        inputs: [InputCounters],
        deliveries: [Delivery],
        state: StateStore,
        pool: BatchPool
    ) throws(GzipError) {
        self.intake = intake
        self.stages = stages
        self.inputs = inputs
        self.state = state
        self.pool = pool
        var outputs: [Encoding] = []
        for delivery in deliveries {
            outputs.append(
                Encoding(
                    delivery: delivery,
                    condition: delivery.output.options.when.flatMap {
                        ConditionTable.condition($0, problems: ConfigurationProblems())
                    },
                    encoder: delivery.output.makeEncoder(),
                    builder: try RequestBuilder(
                        compressionLevel: delivery.output.options.compressionLevel,
                        compression: delivery.output.options.compression
                    )
                )
            )
        }
        self.outputs = outputs
    }

    /// Works until the intake is closed and empty.
    func run() {
        while let arrival = intake.queue.pop() { work(arrival) }
    }

    private func work(_ arrival: Intake.Delivery) {
        let batch = arrival.batch
        var dropped = 0
        if arrival.input < stages.count {
            let counts = stages[arrival.input].run(batch)
            inputs[arrival.input].parseFailures.add(counts.parseFailures, ordering: .relaxed)
            inputs[arrival.input].truncated.add(counts.truncated, ordering: .relaxed)
            dropped = counts.dropped
        }
        let input = arrival.input < inputs.count ? inputs[arrival.input].name : ""
        let inFlight = BatchInFlight(batch, input: input, ranges: arrival.ranges, outputs: outputs.count) { [pool] in
            pool.giveBack($0)
        }
        // Before the first output has the batch: from then on others may be reading it.
        let shares = outputs.map { output in
            let notDone = selection(batch, arrival.ranges, output: output.delivery.counters.name)
            return Share(notDone, wanted: output.condition?.evaluate(batch))
        }
        count(batch, arrival.input, dropped: dropped, shares)
        for (output, share) in zip(outputs, shares) {
            let selected = share.selected
            let events = share.events
            if events > 0 { output.encoder.encode(batch, selected: selected, into: output.builder) }
            output.delivery.add(
                Shipment(
                    inFlight: inFlight,
                    requests: output.builder.takeRequests(),
                    limited: output.builder.takeLimited(),
                    events: events
                )
            )
        }
    }

    /// Which events of a batch an output gets.
    private struct Share {
        var selected: EventMask
        var events: Int
        /// How many its `when` keeps from it.
        var unrouted = 0

        init(_ notDone: EventMask, wanted: EventMask?) {
            selected = notDone
            events = notDone.population
            guard let wanted else { return }
            selected.formIntersection(wanted)
            unrouted = events - selected.population
            events -= unrouted
        }
    }

    /// From here on the events are the outputs' business.
    private func count(_ batch: EventBatch, _ input: Int, dropped: Int, _ shares: [Share]) {
        intake.ledger.inOneGo {
            if input < inputs.count {
                inputs[input].underWay.subtract(batch.events.count, ordering: .relaxed)
                inputs[input].dropped.add(dropped, ordering: .relaxed)
            }
            for (output, share) in zip(outputs, shares) {
                let counters = output.delivery.counters
                let done = batch.events.count - dropped - share.events - share.unrouted
                counters.skipped.add(done, ordering: .relaxed)
                counters.unrouted.add(share.unrouted, ordering: .relaxed)
                counters.eventsInFlight.add(share.events, ordering: .relaxed)
            }
        }
    }

    /// The events that an output gets: those that were not dropped, and that it has not said yes to already.
    private func selection(
        _ batch: EventBatch,
        _ ranges: [(row: Int64, range: Range<Int64>)],
        output: String
    ) -> EventMask {
        var selected = EventMask(count: batch.events.count, isSet: true)
        var done: [(generation: String, progress: ByteRanges)] = []
        for (row, range) in ranges {
            // Only what is read again after a restart lies below what an output has said yes to.
            guard let progress = state.progress(row, output: output), progress.end > range.lowerBound,
                let generation = state.generation(row)?.identifier,
                !done.contains(where: { $0.generation == generation })
            else { continue }
            done.append((generation, progress))
        }
        let parts =
            done.isEmpty || batch.lineRanges.isEmpty ? [:] : Dictionary(grouping: batch.lineRanges) { Int($0.event) }
        for event in 0..<batch.events.count {
            if batch.events[event].isDropped {
                selected[event] = false
            } else if !done.isEmpty {
                let generation = batch.source(of: event).generation
                guard let progress = done.first(where: { $0.generation == generation })?.progress else { continue }
                let place = batch.events[event]
                let isDone =
                    parts[event]?.allSatisfy { progress.contains($0.range.start..<$0.range.end) }
                    ?? progress.contains(place.fileStart..<place.fileEnd)
                if isDone { selected[event] = false }
            }
        }
        return selected
    }
}
