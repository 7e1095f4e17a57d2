// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Held while names of a log's files are changed, so that two processes that write to one log do not do it at once.
///
/// It is a `flock(2)` on the directory that the log lies in: no file of ours is needed for it, and the system lets go
/// of it when the process ends.
struct RotationLock: ~Copyable {
    private let descriptor: Int32

    /// How often, a millisecond apart, a lock is tried that another process has.
    private static let attempts = 50

    /// - Returns: nil if another process keeps it; a lock that locks nothing, where the system has none to give.
    init?(directory: String) {
        descriptor = unsafe open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        for attempt in 0... {
            switch FileLock.take(.exclusive, of: descriptor) {
            case .taken, .unsupported: return
            case .refused:
                guard attempt < Self.attempts else {
                    _ = close(descriptor)
                    return nil
                }
                usleep(1000)
            }
        }
    }

    /// Lets go of it.
    consuming func release() {}

    deinit { if descriptor >= 0 { _ = close(descriptor) } }
}
