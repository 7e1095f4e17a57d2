// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import SluiceBytes
package import SluiceCompression

/// Where an encoder writes bodies, and what makes requests of them: one belongs to one worker and one output.
package final class RequestBuilder {
    /// The body that is being written, or the part of it that has not been compressed yet.
    package let body: ByteArena
    /// The events in the body.
    package let events = FlatArray<Int32>(capacity: 4096)
    package private(set) var requests: [OutputRequest] = []
    private var limited: [LimitedEvent] = []
    private let compressor: GzipCompressor?
    private let snappy: SnappyCompressor?
    /// What has been compressed of the body, and how many bytes that was before.
    private var compressed: (output: BufferOutput, plainBytes: Int)?
    /// How large the last compressed body was, in bytes: the next is most likely like it.
    private var lastSize = 64 << 10

    /// - Parameters:
    ///   - compressionLevel: 0 sends bodies as they are, 1 to 9 gzip.
    ///   - compression: what compresses.
    package init(compressionLevel: Int, compression: BodyCompression = .gzip(.zlib)) throws(GzipError) {
        body = ByteArena(capacity: 96 << 10)
        switch compression {
        case .gzip(let engine):
            compressor = compressionLevel > 0 ? try GzipCompressor(level: compressionLevel, engine: engine) : nil
            snappy = nil
        case .snappy:
            compressor = nil
            snappy = SnappyCompressor()
        }
    }

    /// Bytes that the body has so far, before compression.
    package var bodyBytes: Int { (compressed?.plainBytes ?? 0) + body.count }

    /// What zlib and igzip are given at once: they find it in the processor's cache, and a large body takes no more memory
    /// than a small one.
    private static let piece = 60 << 10

    /// Notes that an event has been written to the body.
    package func add(_ event: Int32) {
        events.append(event)
        if body.count >= Self.piece, let compressor { compressPiece(compressor) }
    }

    private func compressPiece(_ compressor: GzipCompressor) {
        // Room for the last piece that zlib is given, too.
        let output = compressed?.output ?? BufferOutput(capacity: lastSize + lastSize / 8 + (72 << 10))
        compressor.write(body.view, to: output)
        compressed = (output, bodyBytes)
        body.removeAll()
    }

    /// Makes a request of what has been written, and begins the next body.
    ///
    /// - Parameter plainBytes: the body's bytes before compression, if the encoder has compressed it itself.
    package func finish(target: String, contentType: String, plainBytes: Int? = nil) {
        let plainBytes = plainBytes ?? bodyBytes
        requests.append(
            OutputRequest(
                target: target,
                contentType: contentType,
                body: sendableBody(),
                isCompressed: compressor != nil,
                plainBytes: plainBytes,
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
        compressPiece(compressor)
        guard let output = compressed?.output else { return ByteBuffer() }
        compressor.finish(to: output)
        compressed = nil
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
