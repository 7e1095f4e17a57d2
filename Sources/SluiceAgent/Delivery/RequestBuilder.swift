// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import SluiceBytes
package import SluiceCompression

/// Where an encoder writes bodies, and what makes requests of them: one belongs to one worker and one output.
package final class RequestBuilder {
    /// The body that is being written.
    package let body: ByteArena
    /// The events in it.
    package var events: [Int32] = []
    package private(set) var requests: [OutputRequest] = []
    private let compressor: GzipCompressor?
    private let compressed = ByteArena(capacity: 64 << 10)
    private let allocator = ByteBufferAllocator()

    /// - Parameter compressionLevel: 0 sends bodies as they are, 1 to 9 gzip.
    package init(compressionLevel: Int) throws(GzipError) {
        body = ByteArena(capacity: 64 << 10)
        compressor = compressionLevel > 0 ? try GzipCompressor(level: compressionLevel) : nil
    }

    /// Makes a request of what has been written, and begins the next body.
    package func finish(target: String, contentType: String) {
        let plain = body.count
        var bytes = body.view
        if let compressor {
            compressed.removeAll()
            compressor.compress(body.view, to: compressed)
            bytes = compressed.view
        }
        var buffer = allocator.buffer(capacity: bytes.count)
        unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: bytes.base, count: bytes.count))
        requests.append(
            OutputRequest(
                target: target,
                contentType: contentType,
                body: buffer,
                isCompressed: compressor != nil,
                plainBytes: plain,
                events: events
            )
        )
        body.removeAll()
        events.removeAll(keepingCapacity: true)
    }

    /// Gives the finished requests away.
    package func takeRequests() -> [OutputRequest] {
        defer {
            requests = []
            // One giant request does not stay paid for.
            if body.capacity > 8 << 20 { body.shrink(to: 1 << 20) }
            if compressed.capacity > 8 << 20 { compressed.shrink(to: 1 << 20) }
        }
        return requests
    }
}
