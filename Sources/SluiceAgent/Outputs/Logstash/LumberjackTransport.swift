// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import SluiceBytes
import SluiceCompression
import Synchronization

/// Brings requests to Logstash in windows, over TCP connections that are kept.
struct LumberjackTransport: Transport {
    private let group: MultiThreadedEventLoopGroup
    private let sender: LumberjackSender
    private let compressionLevel: Int
    /// Where windows have to grow first.
    private let slowStart: SharedSlowStart?

    private final class SharedSlowStart: Sendable {
        let window: Mutex<SlowStart>
        init(maximum: Int) { window = Mutex(SlowStart(maximum: maximum)) }
    }

    init(_ output: LogstashOutput, logger: Logger) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        sender = LumberjackSender(output, eventLoop: group.next(), logger: logger)
        compressionLevel = output.compressionLevel
        slowStart = output.startsSlowly ? SharedSlowStart(maximum: output.options.bulkMaximumEvents) : nil
    }

    /// Sends a request's events. Which host gets them is decided here: it depends on what others are doing.
    ///
    /// - Returns: 200, or how many events were acknowledged and why no more.
    func send(_ request: OutputRequest, options: OutputOptions, address: String) async throws -> TransportResponse {
        guard let slowStart else {
            let outcome = try await sender.send(
                request.body,
                events: request.events.count,
                batch: request.batch,
                endsBatch: request.endsBatch
            )
            return try Self.response(outcome, before: 0)
        }
        var rest = request.body
        var taken = 0
        while true {
            let size = slowStart.window.withLock { $0.size }
            let (frames, count) = LumberjackFrame.takeEvents(size, from: &rest)
            guard count > 0 else { return TransportResponse(status: 200, retryAfter: nil, body: ByteBuffer()) }
            let outcome = try await sender.send(
                window(of: frames, events: count),
                events: count,
                batch: request.batch,
                endsBatch: request.endsBatch && rest.readableBytes == 0
            )
            guard case .acknowledged = outcome else {
                slowStart.window.withLock { $0.failed() }
                return try Self.response(outcome, before: taken)
            }
            slowStart.window.withLock { $0.succeeded(events: count) }
            taken += count
        }
    }

    /// - Parameter taken: events of the request that went before, in other windows.
    private static func response(_ outcome: LumberjackSender.Outcome, before taken: Int) throws -> TransportResponse {
        guard case .cut(let acknowledged, let reason) = outcome else {
            return TransportResponse(status: 200, retryAfter: nil, body: ByteBuffer())
        }
        guard taken + acknowledged > 0 else { throw TransportError(reason) }
        return TransportResponse(
            status: 503,
            retryAfter: nil,
            body: ByteBuffer(string: "\(taken + acknowledged) \(reason)")
        )
    }

    private func window(of frames: ByteBuffer, events: Int) -> ByteBuffer {
        let output = ByteArena(capacity: frames.readableBytes + 64)
        let compressor = compressionLevel > 0 ? try? GzipCompressor(level: compressionLevel, wrapper: .zlib) : nil
        unsafe frames.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let view = unsafe ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
            LumberjackFrame.appendWindow(view, events: events, compressor: compressor, to: output)
        }
        var buffer = ByteBufferAllocator().buffer(capacity: output.count)
        unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: output.view.base, count: output.count))
        return buffer
    }

    func settled(batch: UInt64) { sender.settled(batch) }

    func shutdown() async {
        sender.close()
        try? await group.shutdownGracefully()
    }
}
