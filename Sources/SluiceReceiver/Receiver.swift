// SPDX-License-Identifier: Apache-2.0

package import Logging
import ServiceLifecycle
import SluiceSQLite
import Synchronization

/// The embedded backend: Loki's push and query API and Elasticsearch's bulk and search API over one SQLite file.
///
/// An answer is given when its rows are committed, so that the process may be killed at any instant afterwards. (The
/// database runs with `synchronous=NORMAL`: a power cut can take the last seconds back, and damages nothing.)
package final class Receiver: Service {
    package let configuration: Configuration
    private let logger: Logger
    private let store: Store
    private let ports = Mutex(Ports())

    private struct Ports {
        var loki: Int?
        var elasticsearch: Int?
        var waiting: [CheckedContinuation<BoundPorts, any Error>] = []
        var isOver = false
    }

    /// Opens the data directory; nothing listens yet.
    package init(configuration: Configuration, logger: Logger) throws {
        guard configuration.lokiAddress != nil || configuration.elasticsearchAddress != nil else {
            throw ReceiverError.noAddress
        }
        self.configuration = configuration
        self.logger = logger
        do {
            store = try Store(configuration: configuration, logger: logger)
        } catch let error as SQLiteError {
            throw ReceiverError.database(error)
        }
    }

    deinit { store.stop() }

    /// Listens and serves until the service is shut down; the requests under way are answered first.
    package func run() async throws {
        let gate = ListenerGate()
        let inFlight = InFlightBytes(limit: configuration.maximumInFlightBytes)
        let faults = FaultPlan(configuration.faults, seed: configuration.faultSeed)
        faults.start(at: SystemClock.nanoseconds)
        var listeners: [HTTPListener] = []
        if let address = configuration.lokiAddress {
            listeners.append(
                HTTPListener(
                    address: address,
                    api: LokiAPI(configuration: configuration, store: store),
                    inFlight: inFlight,
                    gate: gate,
                    faults: faults.isEmpty ? nil : faults,
                    tls: configuration.tls,
                    token: configuration.token,
                    logger: logger,
                    onListening: { [self] port in listening(loki: port) }
                )
            )
        }
        if let address = configuration.elasticsearchAddress {
            listeners.append(
                HTTPListener(
                    address: address,
                    api: ElasticsearchAPI(configuration: configuration, store: store),
                    inFlight: inFlight,
                    gate: gate,
                    faults: faults.isEmpty ? nil : faults,
                    tls: configuration.tls,
                    token: configuration.token,
                    logger: logger,
                    onListening: { [self] port in listening(elasticsearch: port) }
                )
            )
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(listeners, gate))
        } catch {
            result = .failure(error)
        }
        finishWaiting()
        await store.stopWithoutBlocking()
        try result.get()
    }

    private enum Ending: Sendable {
        case listener
        case patience
    }

    private func serve(_ listeners: [HTTPListener], _ gate: ListenerGate) async throws {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            for listener in listeners {
                group.addTask {
                    // When one cannot listen the other is of no use.
                    defer { gate.close() }
                    try await listener.run()
                    return .listener
                }
            }
            group.addTask {
                // A request that never ends does not hold the shutdown up for ever.
                do {
                    try await gracefulShutdown()
                    try await Task.sleep(for: Self.patience)
                } catch {}
                return .patience
            }
            var running = listeners.count
            while running > 0, let ending = try await group.next() {
                if ending == .patience { break }
                running -= 1
            }
            group.cancelAll()
        }
    }

    /// How long a graceful shutdown waits for requests that are under way.
    private static let patience = Duration.seconds(5)

    // MARK: What others look at

    /// The ports that are bound, as soon as all are; throws if the receiver ends before.
    package var boundPorts: BoundPorts {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<BoundPorts, any Error>? = ports.withLock { ports in
                    if let bound = complete(ports) { return .success(bound) }
                    if ports.isOver { return .failure(ReceiverError.stopping) }
                    ports.waiting.append(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }

    /// What has happened so far.
    package var counters: Counters { store.tally.counters }

    private func complete(_ ports: Ports) -> BoundPorts? {
        if configuration.lokiAddress != nil, ports.loki == nil { return nil }
        if configuration.elasticsearchAddress != nil, ports.elasticsearch == nil { return nil }
        return BoundPorts(loki: ports.loki, elasticsearch: ports.elasticsearch)
    }

    private func listening(loki: Int? = nil, elasticsearch: Int? = nil) {
        if let loki {
            logger.info("listening for Loki", metadata: ["port": "\(loki)"])
        }
        if let elasticsearch {
            logger.info("listening for Elasticsearch", metadata: ["port": "\(elasticsearch)"])
        }
        let (bound, waiting) = ports.withLock { ports in
            if let loki { ports.loki = loki }
            if let elasticsearch { ports.elasticsearch = elasticsearch }
            guard let bound = complete(ports) else {
                return (nil as BoundPorts?, [] as [CheckedContinuation<BoundPorts, any Error>])
            }
            let waiting = ports.waiting
            ports.waiting = []
            return (bound, waiting)
        }
        if let bound { for continuation in waiting { continuation.resume(returning: bound) } }
    }

    private func finishWaiting() {
        let waiting = ports.withLock { ports in
            ports.isOver = true
            let waiting = ports.waiting
            ports.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume(throwing: ReceiverError.stopping) }
    }
}
