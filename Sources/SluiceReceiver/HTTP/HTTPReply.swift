// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceBytes

/// One response.
struct HTTPReply: Sendable {
    var status: Int
    var contentType: String
    var body: ByteBuffer

    init(status: Int, contentType: String = "text/plain; charset=utf-8", text: String = "") {
        self.status = status
        self.contentType = contentType
        body = ByteBuffer(string: text)
    }

    var isJSON: Bool { contentType.hasPrefix("application/json") && body.readableBytes > 0 }

    init(status: Int = 200, json: ByteArena) {
        self.status = status
        contentType = "application/json; charset=UTF-8"
        body = json.byteBuffer
    }
}

extension ByteArena {
    /// A copy for the network.
    var byteBuffer: ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        let view = view
        unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: view.base, count: view.count))
        return buffer
    }

    /// Appends what a buffer holds.
    func append(_ buffer: ByteBuffer) {
        unsafe buffer.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe append(ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count))
        }
    }
}
