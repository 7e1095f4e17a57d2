// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keeps descriptors from processes that are started at the same moment: where the system has no call that makes one
/// and marks it in one go, both happen under this lock, and so does starting.
enum DescriptorLock {
    private static let lock = Mutex(())

    static func hold<Value: ~Copyable, Error>(_ body: () throws(Error) -> sending Value) throws(Error) -> sending Value
    {
        try lock.withLock { (_) throws(Error) in try body() }
    }

    /// The descriptor will not be inherited.
    static func mark(_ descriptor: Int32) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
}
