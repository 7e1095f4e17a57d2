// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock of the C library, which, unlike the standard library's `Mutex`, can be made anew in a process that was
/// forked while another thread held it. `Sendable`, because that is what it is for.
@safe
final class WaitLock: @unchecked Sendable {
    let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    @inline(__always)
    func withLock<Result>(_ body: () -> Result) -> Result {
        lock()
        defer { unlock() }
        return body()
    }

    @inline(__always)
    func lock() { _ = unsafe pthread_mutex_lock(mutex) }

    @inline(__always)
    func unlock() { _ = unsafe pthread_mutex_unlock(mutex) }

    /// Makes it as new, held by nobody. Only in a forked process, by its one thread.
    func reset() { _ = unsafe pthread_mutex_init(mutex, nil) }
}
