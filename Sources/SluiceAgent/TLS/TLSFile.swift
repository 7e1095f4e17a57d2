// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Small files that TLS needs, read whole.
enum TLSFile {
    /// The bytes of a source.
    ///
    /// - Throws: `TransportError` in words, without what is in the file.
    static func read(_ source: PEMSource) throws(TransportError) -> [UInt8] {
        switch source {
        case .inline(let text): return Array(text.utf8)
        case .file(let path):
            if path.utf8.contains(0) { throw TransportError("a path holds a zero byte") }
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                throw TransportError("'\(path)' cannot be read: \(unsafe String(cString: strerror(errno)))")
            }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            while bytes.count <= 4 << 20 {
                let part = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                    unsafe count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
                }
                if part.isEmpty { return bytes }
                bytes += part
            }
            throw TransportError("'\(path)' is too large for PEM: name a file of certificates or a key")
        }
    }
}
