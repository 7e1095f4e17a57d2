// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A log of this machine, which the demo's agent follows beside the service's.
struct PlainLog {
    let path: String

    /// Nil if there is no such file, or this user may not read it.
    init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, unsafe access(path, R_OK) == 0 else {
            return nil
        }
        self.path = path
    }

    /// How many lines it has, but for one that has no end yet.
    func lineCount() -> Int {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var count = 0
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let got = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return count }
            count += piece[..<got].count { $0 == UInt8(ascii: "\n") }
        }
    }
}
