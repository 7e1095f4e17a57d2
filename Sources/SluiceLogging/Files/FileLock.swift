// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `flock(2)` without waiting: who holds what, across processes, until the descriptor is closed.
enum FileLock {
    enum Kind {
        /// Held by each writer of a log file while it has it open.
        case shared
        /// Held by whoever must know that nobody else writes to the file.
        case exclusive
    }

    enum Outcome {
        case taken
        /// Somebody else has one that excludes this one.
        case refused
        /// The file system has no locks.
        case unsupported
    }

    /// A lock of the other kind that is held through the same descriptor is changed for this one, or lost.
    static func take(_ kind: Kind, of descriptor: Int32) -> Outcome {
        while true {
            if flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return .taken }
            if errno == EINTR { continue }
            return errno == EWOULDBLOCK ? .refused : .unsupported
        }
    }
}
