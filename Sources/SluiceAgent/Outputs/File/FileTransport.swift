// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceBytes
import SluiceLogging

/// Appends bodies to a file.
struct FileTransport: Transport {
    private let file: RotatingFile

    init(_ output: FileOutput) throws(SystemError) {
        file = try RotatingFile(
            path: output.path,
            maximumBytes: output.maximumBytes,
            backupCount: output.keptFiles
        )
    }

    func send(
        _ request: OutputRequest,
        options: OutputOptions,
        address: String
    ) async throws -> TransportResponse {
        // A disk can be slow, and must not hold a thread that others need.
        await Blocking.run { [file] in Self.append(request.body, to: file) }
    }

    /// What is there of a body, as lines.
    private static func append(_ body: ByteBuffer, to file: RotatingFile) -> TransportResponse {
        unsafe body.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else {
                return TransportResponse(status: 200, retryAfter: nil, body: .init())
            }
            let lines = unsafe ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
            let (kept, error) = file.deliver(lines)
            guard let error else { return TransportResponse(status: 200, retryAfter: nil, body: ByteBuffer()) }
            var count = 0
            for index in 0..<kept where lines[index] == UInt8(ascii: "\n") { count += 1 }
            return TransportResponse(status: 507, retryAfter: nil, body: ByteBuffer(string: "\(count)\(error)"))
        }
    }

    func shutdown() async { file.close() }
}
