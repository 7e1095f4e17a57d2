// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceCompression

/// Compressed bytes, written where they are sent from.
final class BufferOutput: GzipOutput {
    private(set) var buffer: ByteBuffer

    init(capacity: Int) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    func extend(room: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) {
        unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
            unsafe fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<room]))
        }
    }
}
