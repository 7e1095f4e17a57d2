// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// Writes bodies to the standard output.
struct ConsoleTransport: Transport {
    func send(
        _ request: OutputRequest,
        options: OutputOptions,
        address: String
    ) async throws -> TransportResponse {
        // A reader that stands still holds this output back, and must not hold a thread that others need.
        let code = await Blocking.run { Self.write(request.body) }
        guard code == 0 else {
            throw TransportError("the standard output cannot be written: \(unsafe String(cString: strerror(code)))")
        }
        return TransportResponse(status: 200, retryAfter: nil, body: ByteBuffer())
    }

    /// - Returns: 0, or the system's code.
    private static func write(_ body: ByteBuffer) -> Int32 {
        unsafe body.withUnsafeReadableBytes { bytes in
            var written = 0
            while written < bytes.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
                let count = unsafe Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&descriptor, 1, 1000)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
