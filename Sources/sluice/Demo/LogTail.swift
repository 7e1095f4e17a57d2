// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The end of a file that another process writes lines to.
enum LogTail {
    /// The whole lines in the last `bytes` bytes; none if there is no such file.
    static func lines(_ path: String, bytes: Int = 16 << 10) -> [String] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let start = max(0, size - bytes)
        var text = [UInt8](repeating: 0, count: max(0, size - start))
        let got = unsafe text.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(start))
        }
        guard got > 0, let end = text[..<got].lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        var lines = text[..<end].split(separator: UInt8(ascii: "\n"))
        // The first one was cut.
        if start > 0 { lines = Array(lines.dropFirst()) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}
