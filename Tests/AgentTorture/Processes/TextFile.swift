// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Small files, as a whole.
enum TextFile {
    /// Nothing if it cannot be read.
    static func read(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let bytes = ByteArena(capacity: 65_536)
        var isAtEnd = false
        while !isAtEnd {
            unsafe bytes.append(room: 65_536) { room in
                let count = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
                isAtEnd = count <= 0
                return max(0, count)
            }
        }
        return bytes.string
    }

    static func write(_ text: String, _ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure("\(path) cannot be opened") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure("\(path) cannot be written")
        }
    }
}
