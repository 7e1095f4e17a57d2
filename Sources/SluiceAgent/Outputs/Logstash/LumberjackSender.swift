// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Keeps connections to servers of the Lumberjack protocol, and brings windows over them as `WindowSchedule` says.
final class LumberjackSender: @unchecked Sendable {  // what changes belongs to the event loop
    /// What became of a window.
    enum Outcome: Sendable {
        case acknowledged
        /// The connection was lost when so many of its events, from the first on, had been acknowledged.
        case cut(acknowledged: Int, reason: String)
    }

    /// A window, and who waits for its outcome.
    private struct Sending {
        var frames: ByteBuffer
        var events: Int
        var answer: CheckedContinuation<Outcome, any Error>
    }

    private enum Link {
        case none
        /// With the windows that go over it as soon as it is there.
        case connecting([UInt64])
        case connected(LumberjackHandler)
    }

    private let eventLoop: any EventLoop
    private let hosts: [LogstashHost]
    private let timeout: TimeAmount
    private let tls: TLSClient?
    private let numbers = Atomic<UInt64>(0)
    private var schedule: WindowSchedule
    private var links: [Link]
    /// The host that each connection leads to, or led to last.
    private var hostOfLink: [Int]
    private var sendings: [UInt64: Sending] = [:]
    /// Windows that were cancelled before they came.
    private var cancelled: Set<UInt64> = []
    private var isClosed = false

    init(_ output: LogstashOutput, eventLoop: any EventLoop, logger: Logger) {
        tls = output.options.tls.flatMap { $0.isEnabled == false ? nil : TLSClient($0, logger: logger) }
        self.eventLoop = eventLoop
        hosts = output.hosts
        timeout = .nanoseconds(output.options.timeout)
        schedule = WindowSchedule(output)
        links = Array(repeating: .none, count: output.connectionCount)
        hostOfLink = Array(repeating: 0, count: output.connectionCount)
    }

    /// Sends a window, and waits for its acknowledgement.
    ///
    /// - Throws: only `CancellationError`.
    func send(_ frames: ByteBuffer, events: Int, batch: UInt64, endsBatch: Bool) async throws -> Outcome {
        let window = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                eventLoop.execute {
                    let sending = Sending(frames: frames, events: events, answer: answer)
                    self.begin(window, sending, batch: batch, endsBatch: endsBatch)
                }
            }
        } onCancel: {
            eventLoop.execute { self.cancel(window) }
        }
    }

    /// Nothing more comes of a batch.
    func settled(_ batch: UInt64) {
        eventLoop.execute {
            self.schedule.settled(batch)
            self.dispatch()
        }
    }

    /// Closes all connections.
    func close() {
        eventLoop.execute {
            self.isClosed = true
            for case .connected(let handler) in self.links { handler.leave() }
            self.links = self.links.map { _ in .none }
            for sending in self.sendings.values { sending.answer.resume(throwing: CancellationError()) }
            self.sendings = [:]
        }
    }

    // MARK: On the event loop

    private func begin(_ window: UInt64, _ sending: Sending, batch: UInt64, endsBatch: Bool) {
        guard cancelled.remove(window) == nil, !isClosed else {
            sending.answer.resume(throwing: CancellationError())
            return
        }
        sendings[window] = sending
        schedule.add(window, batch: batch, endsBatch: endsBatch)
        dispatch()
    }

    /// What is on its way stays so; only nobody waits for it any more.
    private func cancel(_ window: UInt64) {
        guard let sending = sendings.removeValue(forKey: window) else {
            cancelled.insert(window)
            return
        }
        schedule.remove(window)
        sending.answer.resume(throwing: CancellationError())
        dispatch()
    }

    private func dispatch() {
        while !isClosed, let assignment = schedule.next(now: now) {
            if assignment.isAnew, case .connected(let handler) = links[assignment.connection] {
                handler.leave()
                links[assignment.connection] = .none
            }
            switch links[assignment.connection] {
            case .none:
                links[assignment.connection] = .connecting([assignment.window])
                hostOfLink[assignment.connection] = assignment.host
                connect(assignment.connection, hosts[assignment.host])
            case .connecting(let windows):
                links[assignment.connection] = .connecting(windows + [assignment.window])
            case .connected(let handler):
                write(assignment.window, handler)
            }
        }
    }

    private func write(_ window: UInt64, _ handler: LumberjackHandler) {
        guard let sending = sendings[window] else {
            // It was cancelled while the connection was made, and has never left.
            schedule.acknowledged(window)
            return
        }
        handler.write(window, events: sending.events, sending.frames)
    }

    private func connect(_ connection: Int, _ host: LogstashHost) {
        let bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(timeout)
        bootstrap.connect(host: host.name, port: host.port)
            .flatMap { [tls] channel in
                // Nobody speaks before the handshake is done: the protocol's own handler comes behind it.
                let handshake = tls?.secure(channel, host: host.name)
                return (handshake ?? channel.eventLoop.makeSucceededVoidFuture()).map { channel }
            }
            .assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.connected(connection, channel)
                case .failure(let error): self.refused(connection, ConnectionFailure.text(error))
                }
            }
    }

    private func connected(_ connection: Int, _ channel: any Channel) {
        guard !isClosed, case .connecting(let windows) = links[connection] else {
            channel.close(promise: nil)
            return
        }
        let handler = LumberjackHandler(self, connection: connection, timeout: timeout)
        guard channel.isActive, (try? channel.pipeline.syncOperations.addHandler(handler)) != nil else {
            return refused(connection, "it closed the connection")
        }
        links[connection] = .connected(handler)
        schedule.connected(connection, now: now)
        for window in windows { write(window, handler) }
        dispatch()
    }

    private func refused(_ connection: Int, _ reason: String) {
        guard case .connecting(let windows) = links[connection] else { return }
        ended(connection, windows.map { LumberjackExchange.Cut(window: $0, acknowledged: 0) }, reason)
    }

    /// A window has been acknowledged to its end. Called by the connection.
    func acknowledged(_ window: UInt64) {
        schedule.acknowledged(window)
        sendings.removeValue(forKey: window)?.answer.resume(returning: .acknowledged)
        dispatch()
    }

    /// A connection has ended. Called by it.
    ///
    /// - Parameter cuts: the windows that were under way.
    func ended(_ connection: Int, _ cuts: [LumberjackExchange.Cut], _ reason: String) {
        // A server may end what nobody uses; it is made anew when it is needed.
        schedule.ended(connection, isFailure: !cuts.isEmpty, now: now)
        let text = "\(hosts[hostOfLink[connection]]) gave no acknowledgement: \(reason)"
        links[connection] = .none
        for cut in cuts {
            let outcome = Outcome.cut(acknowledged: cut.acknowledged, reason: text)
            sendings.removeValue(forKey: cut.window)?.answer.resume(returning: outcome)
        }
        dispatch()
    }

    private var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }
}
