// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import SluiceBytes
package import SluiceCompression

/// Where an encoder writes bodies, and what makes requests of them: one belongs to one worker and one output.
package final class RequestBuilder {
    /// The body that is being written.
    package let body: ByteArena
    /// The events in it.
    package let events = FlatArray<Int32>(capacity: 4096)
    package private(set) var requests: [OutputRequest] = []
    private var limited: [LimitedEvent] = []
    private let compressor: GzipCompressor?
    private let snappy: SnappyCompressor?
    /// How large the last compressed body was, in bytes: the next is most likely like it.
    private var lastSize = 64 << 10

    /// - Parameters:
    ///   - compressionLevel: 0 sends bodies as they are, 1 to 9 gzip.
    ///   - compression: what compresses.
    ///   - capacity: bytes that a body is expected to have; it grows as needed.
    package init(
        compressionLevel: Int,
        compression: BodyCompression = .gzip(.zlib),
        capacity: Int = 64 << 10
    ) throws(GzipError) {
        body = ByteArena(capacity: capacity)
        switch compression {
        case .gzip(let engine):
            compressor = compressionLevel > 0 ? try GzipCompressor(level: compressionLevel, engine: engine) : nil
            snappy = nil
        case .snappy:
            compressor = nil
            snappy = SnappyCompressor()
        }
    }

    /// Makes a request of what has been written, and begins the next body.
    ///
    /// - Parameter plainBytes: the body's bytes before compression, if the encoder has compressed it itself.
    package func finish(target: String, contentType: String, plainBytes: Int? = nil) {
        requests.append(
            OutputRequest(
                target: target,
                contentType: contentType,
                body: sendableBody(),
                isCompressed: compressor != nil,
                plainBytes: plainBytes ?? body.count,
                events: Array(events)
            )
        )
        body.removeAll()
        events.removeAll()
    }

    /// Notes that an event was cut, or is not in a request at all, because its destination would refuse it as it is.
    ///
    /// - Parameters:
    ///   - limit: an index in the output's `limits`.
    ///   - reason: what a dead letter says.
    package func limit(_ event: Int, _ limit: Int, _ action: LimitAction, reason: @autoclosure () -> String = "") {
        limited.append(
            LimitedEvent(
                event: Int32(truncatingIfNeeded: event),
                limit: limit,
                action: action,
                reason: action == .deadLetter ? reason() : ""
            )
        )
    }

    /// Gives away what was noted.
    package func takeLimited() -> [LimitedEvent] {
        defer { if !limited.isEmpty { limited = [] } }
        return limited
    }

    private func sendableBody() -> ByteBuffer {
        if let snappy {
            let output = BufferOutput(capacity: lastSize + lastSize / 8 + SnappyCompressor.blockRoom)
            snappy.compress(body.view, to: output)
            lastSize = min(output.buffer.readableBytes, 4 << 20)
            return output.buffer
        }
        guard let compressor else {
            var buffer = ByteBufferAllocator().buffer(capacity: body.count)
            unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: body.view.base, count: body.count))
            return buffer
        }
        // Room for the last piece that zlib is given, too.
        let output = BufferOutput(capacity: lastSize + lastSize / 8 + (72 << 10))
        compressor.compress(body.view, to: output)
        lastSize = min(output.buffer.readableBytes, 4 << 20)
        return output.buffer
    }

    /// Gives the finished requests away.
    package func takeRequests() -> [OutputRequest] {
        defer {
            requests = []
            // One giant request does not stay paid for.
            if body.capacity > 8 << 20 { body.shrink(to: 1 << 20) }
        }
        return requests
    }
}
