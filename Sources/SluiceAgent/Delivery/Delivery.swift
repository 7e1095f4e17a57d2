// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import SluiceBytes
import SluiceCompression
import SluiceEvents
import Synchronization

/// Brings the batches to one output: sends, judges, tries again, gives up what never will be taken, and acknowledges.
final class Delivery: Sendable {
    let output: any Output
    let counters: OutputCounters
    private let state: StateStore
    private let transport: any Transport
    private let ownTransport: (any Transport)?
    let logger: Logger
    private let queue = OrderedQueue<Shipment>(first: 1)
    /// Which of the addresses is used; the next one after a failure.
    private let addressIndex = Atomic<Int>(0)
    private let acknowledgements = Atomic<Int>(0)
    /// How often the output has worked again after it had failed.
    private let recoveries = Atomic<Int>(0)
    /// Whether somebody tries every second whether the output works again.
    private let isProbed = Atomic<Bool>(false)
    /// Whether it has been said, since the output worked last, that a person is needed.
    private let isHeld = Atomic<Bool>(false)

    /// While an output is down, one request tries this often, in nanoseconds, however long the others pause.
    private static let probeInterval: Int64 = 1_000_000_000
    /// How often those that pause look whether it works again.
    private static let lookInterval: Int64 = 100_000_000

    /// How many batches this output has said yes to, or given up.
    var acknowledged: Int { acknowledgements.load(ordering: .relaxed) }

    /// - Parameter transport: for outputs that have none of their own.
    init(
        output: any Output,
        state: StateStore,
        transport: any Transport,
        ledger: EventLedger,
        logger: Logger
    ) throws {
        self.output = output
        self.state = state
        ownTransport = try output.makeTransport(logger: logger)
        self.transport = ownTransport ?? transport
        self.logger = logger
        counters = OutputCounters(name: output.options.name, limits: output.limits, ledger: ledger)
    }

    /// Hands over what is to be sent of one batch; each batch's number comes once, in any order.
    func add(_ shipment: Shipment) { queue.add(shipment, number: shipment.inFlight.batch.sequence) }

    /// No more batches come.
    func close() { queue.close() }

    /// Sends until the queue is closed and empty, or the task is cancelled.
    func run() async {
        let setup = OutputSetup(output: output, transport: transport, counters: counters, logger: logger)
        guard await setup.run(isNeeded: { !self.queue.isAtEnd }) else {
            await ownTransport?.shutdown()
            return
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<output.options.workers {
                group.addTask {
                    while !Task.isCancelled, let shipment = await self.queue.next() {
                        await self.deliver(shipment)
                    }
                }
            }
        }
        await ownTransport?.shutdown()
    }

    private func deliver(_ shipment: Shipment) async {
        defer { shipment.inFlight.release() }
        counters.inFlight.add(1, ordering: .relaxed)
        defer { counters.inFlight.subtract(1, ordering: .relaxed) }
        defer { transport.settled(batch: shipment.inFlight.batch.sequence) }
        var letters: [DeadLetter] = []
        settle(shipment.limited, shipment.inFlight.batch, &letters)
        if !shipment.requests.isEmpty {
            guard await state.isDurable(sequence: shipment.inFlight.batch.sequence) else { return }
            var pending = shipment.requests
            pending.reverse()
            var backoff = Backoff(initial: output.options.backoffInitial, maximum: output.options.backoffMaximum)
            while var request = pending.last {
                request.batch = shipment.inFlight.batch.sequence
                request.endsBatch = pending.count == 1
                guard !Task.isCancelled else { return }
                let verdict: Verdict
                do {
                    verdict = try await ask(request)
                } catch {
                    return
                }
                switch verdict {
                case .delivered:
                    pending.removeLast()
                    counters.requests.add(1, ordering: .relaxed)
                    counters.settle(delivered: request.events.count)
                    recover(&backoff)
                case .each(let verdicts, let reason):
                    pending.removeLast()
                    let left = settle(request, verdicts, shipment.inFlight.batch, &letters)
                    if left.isEmpty {
                        recover(&backoff)
                    } else {
                        pending += encode(left, of: shipment.inFlight.batch, &letters).reversed()
                        if left.count < request.events.count { backoff.reset() }
                        let held = EventVerdict.heldStatus(verdicts)
                        guard await pause(&backoff, atLeast: nil, reason: reason, status: held) else { return }
                    }
                case .again(let reason, let after):
                    guard await pause(&backoff, atLeast: after, reason: reason) else { return }
                case .hold(let status, let reason):
                    guard await pause(&backoff, atLeast: nil, reason: reason, status: status) else { return }
                case .smaller(let status, let reason):
                    pending.removeLast()
                    if request.events.count > 1 {
                        pending += halves(of: request, shipment.inFlight.batch, &letters).reversed()
                    } else {
                        for event in request.events {
                            letters.append(letter(Int(event), shipment.inFlight.batch, status, reason))
                        }
                        // A no that is final is an answer, too.
                        recover(&backoff)
                    }
                }
            }
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

    /// Waits until there is room for dead letters, where they are not to be dropped.
    ///
    /// - Returns: false if it is time to end.
    private func makeRoom(for letters: [DeadLetter]) async -> Bool {
        if state.admit(letters) { return true }
        var backoff = Backoff(initial: output.options.backoffInitial, maximum: output.options.backoffMaximum)
        while true {
            // Somebody may have made room meanwhile.
            await Blocking.run { [state] in state.recountLetters() }
            if state.admit(letters) { break }
            let reason =
                "there is no room for its dead letters: look at them with 'sluice deadletters list', then retry or drop "
                + "some, or raise dead_letters.max_bytes"
            let status = letters.first?.status
            guard await pause(&backoff, atLeast: nil, reason: reason, status: status) else { return false }
        }
        recover(&backoff)
        return true
    }

    // MARK: One request

    /// - Throws: only `CancellationError`.
    private func ask(_ request: OutputRequest) async throws -> Verdict {
        let addresses = output.options.addresses
        let address = addresses[abs(addressIndex.load(ordering: .relaxed)) % addresses.count]
        do {
            let response = try await transport.send(request, options: output.options, address: address)
            counters.sentBytes.add(request.body.readableBytes, ordering: .relaxed)
            counters.plainBytes.add(request.plainBytes, ordering: .relaxed)
            let verdict: Verdict = unsafe response.body.withUnsafeReadableBytes { bytes in
                var body = ByteView.empty
                if let base = bytes.baseAddress {
                    unsafe body = ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
                }
                return output.judge(
                    OutputResponse(status: response.status, retryAfter: response.retryAfter, body: body),
                    request: request
                )
            }
            return verdict
        } catch let error as TransportError {
            if Task.isCancelled { throw CancellationError() }
            addressIndex.add(1, ordering: .relaxed)
            return .again(reason: error.description, after: nil)
        } catch {
            throw CancellationError()
        }
    }

    /// Waits before the next try.
    ///
    /// - Returns: false if it is time to end.
    private func pause(_ backoff: inout Backoff, atLeast: Int?, reason: String, status: Int? = nil) async -> Bool {
        counters.retries.add(1, ordering: .relaxed)
        counters.fails(reason)
        let wasFailing = counters.isFailing.exchange(1, ordering: .relaxed) == 1
        if let status {
            // Also where it failed before: what was worth a try then is a person's business now.
            if !isHeld.exchange(true, ordering: .relaxed) {
                logger.error(
                    "output holds: what it answers needs a person; trying again until then",
                    metadata: ["output": "\(counters.name)", "status": "\(status)", "reason": "\(reason)"]
                )
            }
        } else if !wasFailing {
            logger.warning(
                "output fails: trying again",
                metadata: ["output": "\(counters.name)", "reason": "\(reason)"]
            )
        }
        var generator = SystemRandomNumberGenerator()
        var nanoseconds = backoff.next(using: &generator)
        if let atLeast {
            // Who asks for patience gets it.
            nanoseconds = max(nanoseconds, Int64(clamping: min(atLeast, 3600)) * 1_000_000_000)
            return (try? await Task.sleep(for: .nanoseconds(nanoseconds))) != nil
        }
        let isProbe = isProbed.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        defer { if isProbe { isProbed.store(false, ordering: .relaxed) } }
        if isProbe { nanoseconds = min(nanoseconds, Self.probeInterval) }
        return await sleep(nanoseconds)
    }

    /// Sleeps, at most until the output works again.
    ///
    /// - Returns: false if the task was cancelled.
    private func sleep(_ nanoseconds: Int64) async -> Bool {
        let before = recoveries.load(ordering: .relaxed)
        var left = nanoseconds
        while left > 0, recoveries.load(ordering: .relaxed) == before {
            let part = min(left, Self.lookInterval)
            left -= part
            do { try await Task.sleep(for: .nanoseconds(part)) } catch { return false }
        }
        return true
    }

    private func recover(_ backoff: inout Backoff) {
        backoff.reset()
        isHeld.store(false, ordering: .relaxed)
        if counters.isFailing.exchange(0, ordering: .relaxed) == 1 {
            counters.works()
            recoveries.add(1, ordering: .relaxed)
            logger.info("output works again", metadata: ["output": "\(counters.name)"])
        }
    }

    // MARK: Events

    /// Sorts the events of a request by what became of them.
    ///
    /// - Returns: those that have to be sent again.
    private func settle(
        _ request: OutputRequest,
        _ verdicts: [EventVerdict],
        _ batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [Int32] {
        var left: [Int32] = []
        var delivered = 0
        var duplicates = 0
        var redirected = 0
        for (event, verdict) in zip(request.events, verdicts) {
            switch verdict {
            case .delivered: delivered += 1
            case .duplicate: duplicates += 1
            case .redirected: redirected += 1
            case .retry, .held: left.append(event)
            case .refused(let status, let reason): letters.append(letter(Int(event), batch, status, reason))
            }
        }
        counters.requests.add(1, ordering: .relaxed)
        counters.settle(delivered: delivered, duplicates: duplicates, redirected: redirected)
        if redirected > 0 { sayRedirected(redirected) }
        return left
    }

    private func halves(
        of request: OutputRequest,
        _ batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [OutputRequest] {
        let middle = request.events.count / 2
        return encode(Array(request.events[..<middle]), of: batch, &letters)
            + encode(Array(request.events[middle...]), of: batch, &letters)
    }

    /// Writes some events anew. Rare, so with an encoder of its own.
    private func encode(
        _ events: [Int32],
        of batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [OutputRequest] {
        // Without compression nothing can fail: no event may be left out because zlib found no memory.
        let options = output.options
        let compressed = try? RequestBuilder(
            compressionLevel: options.compressionLevel,
            compression: options.compression
        )
        guard let builder = compressed ?? (try? RequestBuilder(compressionLevel: 0)) else { return [] }
        var mask = EventMask(count: batch.events.count, isSet: false)
        for event in events { mask[Int(event)] = true }
        output.makeEncoder().encode(batch, selected: mask, into: builder)
        settle(builder.takeLimited(), batch, &letters, isRepeat: true)
        return builder.takeRequests()
    }

    func letter(_ event: Int, _ batch: EventBatch, _ status: Int, _ reason: String) -> DeadLetter {
        let id = ByteArena(capacity: 64)
        batch.appendID(of: event, to: id)
        let place = batch.events[event]
        let source = batch.source(of: event)
        var letter = DeadLetter(
            output: counters.name,
            identifier: id.string,
            path: source.path,
            offset: place.fileStart,
            time: place.time,
            status: status,
            reason: String(reason.prefix(1000)),
            text: batch.arena.view(place.textStart, place.textEnd).array
        )
        letter.flags = place.flags.intersection(DeadLetter.keptFlags).rawValue
        letter.fields = "{" + source.arena.view(source.commonText).string + "}"
        return letter
    }

    /// Once: how many they are is counted.
    private func sayRedirected(_ events: Int) {
        guard counters.redirected.load(ordering: .relaxed) == events else { return }
        logger.warning(
            "output puts events into its failure store, and not where they were to go: look at them there",
            metadata: ["output": "\(counters.name)", "events": "\(events)"]
        )
    }

    private func report(_ letters: [DeadLetter]) {
        guard let first = letters.first else { return }
        logger.error(
            "output refuses events: they are kept in state as dead letters",
            metadata: [
                "output": "\(counters.name)", "events": "\(letters.count)", "status": "\(first.status)",
                "reason": "\(first.reason)", "path": "\(first.path)", "offset": "\(first.offset)",
            ]
        )
    }
}
