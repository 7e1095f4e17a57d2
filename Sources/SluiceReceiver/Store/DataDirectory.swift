// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The directory that everything is kept in, held against a second receiver for as long as this lives.
final class DataDirectory: Sendable {
    let path: String
    /// Of the lock's file; -1 when it has been given back.
    private let lock: Mutex<Int32>

    /// Makes the directory if need be (with its parents), and locks it.
    init(path: String) throws(ReceiverError) {
        self.path = path
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && !part.isEmpty || made == "/" ? String(part) : "/" + part
            if part.isEmpty { continue }
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST {
                throw .dataDirectory(path: path, reason: "making \(made): \(Self.reason(errno))")
            }
        }
        let file = path + "/receiver.lock"
        let descriptor = unsafe open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .dataDirectory(path: path, reason: "opening \(file): \(Self.reason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { throw .dataDirectoryInUse(path: path) }
            throw .dataDirectory(path: path, reason: "locking \(file): \(Self.reason(code))")
        }
        lock = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets others have it.
    func release() {
        lock.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    private static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
