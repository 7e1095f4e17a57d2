// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Listens for connections, TCP or unix, and takes the messages that come through them. An event loop of its own frames
/// and puts them into the queue, and does nothing else; a connection is not read while the queue has no room.
final class StreamSource: QueueSource {
    private let options: ListenerOptions
    private let input: String
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let holder: QueueHolder
    private let stopping = WakeUp()

    /// Binds, but takes no connection yet.
    init(_ options: ListenerOptions, input: String, counters: InputCounters, logger: Logger) throws {
        self.options = options
        self.input = input
        self.logger = logger
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let address = try ListeningSocket.address(options, input: input)
        if options.transport == .unix { ListeningSocket.removeLeftover(options.path) }
        let holder = QueueHolder()
        self.holder = holder
        let connections = counters
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: options.transport == .tcp ? 1 : 0)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let queue = holder.queue else { throw ChannelError.ioOnClosedChannel }
                    if options.timeout > 0 {
                        try channel.pipeline.syncOperations.addHandler(
                            IdleStateHandler(readTimeout: .nanoseconds(options.timeout))
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(options, queue, connections))
                }
            }
        do {
            channel = try bootstrap.bind(to: address).wait()
        } catch {
            group.shutdownGracefully { _ in }
            if let error = error as? IOError {
                throw InputError.listen(input: input, address: options.description, code: error.errnoCode)
            }
            throw InputError.listen(input: input, address: options.description, reason: "\(error)")
        }
        if options.transport == .unix, let mode = options.mode { unsafe chmod(options.path, mode_t(mode)) }
    }

    /// The queue, from when there is one.
    private final class QueueHolder: Sendable {
        private let value = Mutex<DurableQueue?>(nil)
        var queue: DurableQueue? { value.withLock { $0 } }
        func set(_ queue: DurableQueue) { value.withLock { $0 = queue } }
    }

    func stop() { stopping.wake() }

    func run(into queue: DurableQueue) {
        holder.set(queue)
        logger.info(
            "input listens",
            metadata: [
                "input": "\(input)", "address": "\(ListeningSocket.text(channel.localAddress))",
                "transport": "\(options.transport.rawValue)",
            ]
        )
        _ = channel.setOption(.autoRead, value: true)
        while !stopping.isAwake { stopping.wait(nanoseconds: 60_000_000_000, or: -1) }
        // Closes all connections; what had come of a last message is put in.
        try? group.syncShutdownGracefully()
        if options.transport == .unix { ListeningSocket.removeLeftover(options.path) }
    }
}
