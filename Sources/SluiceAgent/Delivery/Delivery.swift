// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceEvents
import Synchronization

/// Brings the batches to one output: sends, judges, tries again, gives up what never will be taken, and acknowledges.
/// When a request goes, and to which host, is its scheduler's business.
final class Delivery: Sendable {
    let output: any Output
    let counters: OutputCounters
    let transport: any Transport
    let scheduler: RequestScheduler
    let logger: Logger
    let state: StateStore
    private let ownTransport: (any Transport)?
    private let queue = OrderedQueue<Shipment>(first: 1)
    private let acknowledgements = Atomic<Int>(0)
    /// Batches that wait for room for their dead letters. What else arrives does not mean that the output works.
    let held = Atomic<Int>(0)
    /// Whether it has been said, since the output worked last, that a person is needed.
    let isHeld = Atomic<Bool>(false)
    private let maximumRequests: Int

    /// How many batches this output has said yes to, or given up.
    var acknowledged: Int { acknowledgements.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - transport: for outputs that have none of their own.
    ///   - limitHasChanged: is told how many requests may be under way.
    init(
        output: any Output,
        state: StateStore,
        transport: any Transport,
        ledger: EventLedger,
        logger: Logger,
        limitHasChanged: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        self.output = output
        self.state = state
        ownTransport = try output.makeTransport(logger: logger)
        self.transport = ownTransport ?? transport
        self.logger = logger
        let schedule = RequestSchedule(output)
        let hosts = output.options.scheduledHosts.map { HostCounters(name: $0) }
        maximumRequests = schedule.hosts.maximum
        counters = OutputCounters(name: output.options.name, limits: output.limits, hosts: hosts, ledger: ledger)
        scheduler = RequestScheduler(schedule, hosts: hosts, limitHasChanged: limitHasChanged)
        let overridden = output.options.pace.overridden
        if !overridden.isEmpty {
            logger.warning(
                "the preset overrides options of the output, as in Filebeat: take them out, or write 'preset: custom'",
                metadata: ["output": "\(counters.name)", "options": "\(overridden.joined(separator: ", "))"]
            )
        }
    }

    /// Hands over what is to be sent of one batch; each batch's number comes once, in any order.
    func add(_ shipment: Shipment) { queue.add(shipment, number: shipment.inFlight.batch.sequence) }

    /// No more batches come.
    func close() { queue.close() }

    /// Sends until the queue is closed and empty, or the task is cancelled.
    func run() async {
        let setup = OutputSetup(output: output, transport: transport, counters: counters, logger: logger)
        guard await setup.run(isNeeded: { !self.queue.isAtEnd }) else {
            scheduler.close()
            await ownTransport?.shutdown()
            return
        }
        await withTaskExecutorPreference(transport.executor) {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<maximumRequests {
                    group.addTask {
                        while !Task.isCancelled, let shipment = await self.queue.next() {
                            await self.deliver(shipment)
                        }
                    }
                }
            }
        }
        scheduler.close()
        await ownTransport?.shutdown()
    }

    private func deliver(_ shipment: Shipment) async {
        let batch = shipment.inFlight.batch
        defer { shipment.inFlight.release() }
        defer { transport.settled(batch: batch.sequence) }
        var letters: [DeadLetter] = []
        settle(shipment.limited, batch, &letters)
        if !shipment.requests.isEmpty {
            guard await state.isDurable(sequence: batch.sequence) else { return }
            guard let refused = await sendAll(shipment.requests, of: batch) else { return }
            letters += refused
        }
        if !letters.isEmpty {
            for index in letters.indices { letters[index].input = shipment.inFlight.input }
            report(letters)
            guard await makeRoom(for: letters) else { return }
        }
        counters.settle(deadLetters: letters.count)
        state.acknowledge(output: counters.name, shipment.inFlight.ranges, deadLetters: letters)
        acknowledgements.add(1, ordering: .relaxed)
        counters.lastDelivered.store(SystemClock.now(), ordering: .relaxed)
    }

    /// Sends the requests of a batch, at once where no order has to be kept, until nothing is left of them.
    ///
    /// - Returns: the events that were refused; nil if it is time to end.
    private func sendAll(_ requests: [OutputRequest], of batch: EventBatch) async -> [DeadLetter]? {
        guard requests.count > 1, maximumRequests > 1, !output.options.pace.keepsRequestsOfBatchInOrder else {
            return await send(requests, of: batch)
        }
        return await withTaskGroup(of: [DeadLetter]?.self) { group in
            for request in requests { group.addTask { await self.send([request], of: batch) } }
            var letters: [DeadLetter] = []
            var isOver = false
            for await refused in group {
                if let refused { letters += refused } else { isOver = true }
            }
            return isOver ? nil : letters
        }
    }

    /// The same, one after the other.
    private func send(_ requests: [OutputRequest], of batch: EventBatch) async -> [DeadLetter]? {
        let ticket = scheduler.ticket()
        defer { scheduler.settled(ticket) }
        var letters: [DeadLetter] = []
        var pending = requests
        pending.reverse()
        while var request = pending.last {
            request.batch = batch.sequence
            request.endsBatch = pending.count == 1
            guard !Task.isCancelled, let verdict = try? await ask(request, ticket) else { return nil }
            switch verdict {
            case .delivered:
                pending.removeLast()
                counters.requests.add(1, ordering: .relaxed)
                counters.settle(delivered: request.events.count)
            case .each(let verdicts, _):
                pending.removeLast()
                let left = settle(request, verdicts, batch, &letters)
                if !left.isEmpty { pending += encode(left, of: batch, &letters).reversed() }
            case .again, .hold:
                break
            case .smaller(let status, let reason):
                pending.removeLast()
                if request.events.count > 1 {
                    pending += halves(of: request, batch, &letters).reversed()
                } else {
                    for event in request.events { letters.append(letter(Int(event), batch, status, reason)) }
                }
            }
        }
        return letters
    }
}
