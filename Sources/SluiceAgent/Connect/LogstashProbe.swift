// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix

/// Looks whether a Logstash is there: connects, speaks TLS if it is to, and sends a window without events.
struct LogstashProbe: Sendable {
    let host: LogstashHost
    let options: OutputOptions
    let logger: Logger

    func run() async throws -> Finding {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let finding: Finding
        do {
            let answer = ask(group.next())
            finding = try await withTaskCancellationHandler {
                try await answer.get()
            } onCancel: {
                // It closes the connection.
                group.shutdownGracefully { _ in }
            }
        } catch {
            let words = ConnectionFailure.text(error)
            if (error as? TransportError)?.isConfiguration == true {
                finding = .misconfigured(words)
            } else {
                finding = .unavailable(words + DestinationRoad.advice(words))
            }
        }
        try? await group.shutdownGracefully()
        if Task.isCancelled { throw CancellationError() }
        return finding
    }

    private func ask(_ eventLoop: any EventLoop) -> EventLoopFuture<Finding> {
        let tls = options.tls.flatMap { $0.isEnabled == false ? nil : TLSClient($0, logger: logger) }
        let host = host
        let timeout = TimeAmount.nanoseconds(options.timeout)
        return ClientBootstrap(group: eventLoop).connectTimeout(timeout).connect(host: host.name, port: host.port)
            .flatMap { channel in
                let handshake = tls?.secure(channel, host: host.name, patience: timeout)
                return (handshake ?? channel.eventLoop.makeSucceededVoidFuture()).map { channel }
            }
            .flatMap { channel in
                let promise = channel.eventLoop.makePromise(of: Finding.self)
                do {
                    let handler = EmptyWindowHandler(isTLS: tls != nil, promise: promise)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    handler.begin(channel)
                } catch {
                    promise.fail(error)
                }
                return promise.futureResult.always { _ in channel.close(promise: nil) }
            }
    }
}
