// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The directory that state lives in, held by one agent at a time.
@safe
final class StateDirectory {
    let path: String
    private let lockDescriptor: Int32

    /// Makes the directory (readable by its owner alone) if need be, and takes its lock.
    init(_ path: String) throws(StateError) {
        self.path = path
        try Self.make(path)
        let lockPath = path + "/lock"
        lockDescriptor = unsafe open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lockDescriptor >= 0 else {
            throw .directory(path: path, reason: "'lock' in it cannot be opened (\(Self.lastError))")
        }
        // Who only looks whether it is held (`sluice status`) holds it for a moment, too.
        for _ in 0..<5 {
            if flock(lockDescriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(20_000)
        }
        throw .locked(path: path)
    }

    deinit { close(lockDescriptor) }

    private static func make(_ path: String) throws(StateError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST, errno != EROFS {
                throw .directory(path: path, reason: "'\(made)' cannot be made (\(lastError))")
            }
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .directory(path: path, reason: "it is not a directory")
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            throw .directory(path: path, reason: "it cannot be written (\(lastError))")
        }
    }

    private static var lastError: String { unsafe String(cString: strerror(errno)) }
}
