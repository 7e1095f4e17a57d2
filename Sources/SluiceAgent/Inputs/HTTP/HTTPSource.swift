// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SluiceBytes
import SluiceCompression
import SluiceEvents
import Synchronization

/// Takes events by `POST`, and answers when they are in the queue on the disk. An event loop of its own moves bytes; a
/// thread decompresses bodies and looks at them.
final class HTTPSource: QueueSource {
    let options: HTTPInputOptions
    let counters: InputCounters
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let server: Mutex<(any Channel)?>
    private let inFlight = Atomic<Int>(0)
    /// Requests that have come and have not been answered.
    private let unanswered = Atomic<Int>(0)
    private let bodies = BlockingQueue<Body>(capacity: .max)

    private struct Body: Sendable {
        var bytes: ByteBuffer
        var encoding: HTTPRequestCheck.Encoding
        var answer: @Sendable (HTTPAnswer) -> Void
    }

    /// Binds, but takes no connection yet.
    init(_ options: HTTPInputOptions, counters: InputCounters, logger: Logger) throws {
        self.options = options
        self.counters = counters
        self.logger = logger
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        server = Mutex(nil)
        let handlers = HandlerMaker()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    guard let source = handlers.source else { throw ChannelError.ioOnClosedChannel }
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: .seconds(60)))
                    try channel.pipeline.syncOperations.addHandler(HTTPHandler(source))
                }
            }
        do {
            let channel = try bootstrap.bind(host: options.address.host, port: options.address.port).wait()
            server.withLock { $0 = channel }
        } catch {
            group.shutdownGracefully { _ in }
            let address = "\(options.address)"
            if let error = error as? IOError {
                throw InputError.listen(input: options.name, address: address, code: error.errnoCode)
            }
            throw InputError.listen(input: options.name, address: address, reason: "no host of that name is known")
        }
        handlers.connect(self)
    }

    /// Gives connections their source, which they must not keep alive.
    private final class HandlerMaker: Sendable {
        private struct Weak: Sendable { weak var source: HTTPSource? }
        private let target = Mutex(Weak())
        func connect(_ source: HTTPSource) { target.withLock { $0.source = source } }
        var source: HTTPSource? { target.withLock { $0.source } }
    }

    func stop() { bodies.close() }

    func run(into queue: DurableQueue) {
        let server = server.withLock { $0 }
        logger.info(
            "input listens",
            metadata: [
                "input": "\(options.name)", "address": "\(ListeningSocket.text(server?.localAddress))",
                "transport": "http",
            ]
        )
        _ = server?.setOption(.autoRead, value: true)
        let decompressor = try? GzipDecompressor()
        while let body = bodies.pop() { take(body, decompressor, into: queue) }
        // Who was promised an answer gets it, if the disk takes what was sent.
        let deadline = SystemClock.monotonic() + 5_000_000_000
        while unanswered.load(ordering: .acquiring) > 0, SystemClock.monotonic() < deadline {
            queue.rest(nanoseconds: 10_000_000)
        }
        try? group.syncShutdownGracefully()
    }

    // MARK: Requests

    /// Counts bytes that are being taken.
    ///
    /// - Returns: false if they are too many; then they are not counted.
    func hold(_ bytes: Int) -> Bool {
        if inFlight.add(bytes, ordering: .relaxed).newValue <= options.maximumInFlightBytes { return true }
        inFlight.subtract(bytes, ordering: .relaxed)
        return false
    }

    func letGo(_ bytes: Int) { if bytes > 0 { inFlight.subtract(bytes, ordering: .relaxed) } }

    /// Takes a whole body. `answer` is called once, on any thread.
    func take(
        _ bytes: ByteBuffer,
        _ encoding: HTTPRequestCheck.Encoding,
        answer: @escaping @Sendable (HTTPAnswer) -> Void
    ) {
        unanswered.add(1, ordering: .relaxed)
        let body = Body(bytes: bytes, encoding: encoding) { [self] in
            answer($0)
            unanswered.subtract(1, ordering: .releasing)
        }
        if !bodies.push(body) {
            body.answer(.refusal(503, "the agent is about to end: try again", retryAfter: options.retryAfter))
        }
    }

    private func take(_ body: Body, _ decompressor: GzipDecompressor?, into queue: DurableQueue) {
        unsafe body.bytes.withUnsafeReadableBytes { bytes in
            let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let view = unsafe base.map { unsafe ByteView(base: $0, count: bytes.count) } ?? .empty
            guard body.encoding == .gzip else { return keep(view, body.answer, in: queue) }
            let plain = ByteArena(capacity: min(options.maximumBodyBytes, view.count * 4 + 4096))
            do throws(GzipError) {
                guard let decompressor else { throw .corrupt("there is no memory") }
                try decompressor.decompress(view, to: plain, limit: options.maximumBodyBytes)
            } catch .tooLarge {
                return body.answer(HTTPRequestCheck.tooLarge(options))
            } catch {
                return body.answer(.refusal(400, "the body is not gzip: \(error)"))
            }
            keep(plain.view, body.answer, in: queue)
        }
    }

    private func keep(_ text: ByteView, _ answer: @escaping @Sendable (HTTPAnswer) -> Void, in queue: DurableQueue) {
        var writers: [RecordWriter] = []
        do throws(JSONBody.Problem) {
            try JSONBody.forEachObject(text) { object in
                if let last = writers.last, last.count + object.count <= DurableQueue.partLimit {
                    last.append(object)
                } else {
                    let writer = RecordWriter(capacity: max(4096, object.count + 64))
                    writer.append(object)
                    writers.append(writer)
                }
            }
        } catch {
            return answer(.refusal(400, error.description))
        }
        let options = options
        // An empty array is nothing to keep.
        if writers.isEmpty { return answer(HTTPAnswer(status: options.responseCode, body: options.responseBody)) }
        queue.put(writers) { outcome in
            switch outcome {
            case .kept: answer(HTTPAnswer(status: options.responseCode, body: options.responseBody))
            case .full: answer(.refusal(429, "the queue is full: try again", retryAfter: options.retryAfter))
            case .tooLarge: answer(.refusal(413, "the events do not fit into the queue: send less at a time"))
            case .closed:
                answer(.refusal(503, "the events could not be kept: try again", retryAfter: options.retryAfter))
            }
        }
    }
}
