// SPDX-License-Identifier: Apache-2.0

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
    private let lock: Int32

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
        lock = unsafe open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw .dataDirectory(path: path, reason: "opening \(file): \(Self.reason(errno))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            if code == EWOULDBLOCK { throw .dataDirectoryInUse(path: path) }
            throw .dataDirectory(path: path, reason: "locking \(file): \(Self.reason(code))")
        }
    }

    deinit { close(lock) }

    private static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
