// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What threads that hold a lock wait for. `Sendable`, because that is what it is for.
@safe
final class WaitCondition: @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let lock: WaitLock

    init(_ lock: WaitLock) {
        self.lock = lock
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        reset()
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
    }

    /// Lets go of the lock, waits to be woken, and takes it again. Can return for no reason: look again.
    func wait() { _ = unsafe pthread_cond_wait(condition, lock.mutex) }

    /// The same, for at most this many nanoseconds.
    func wait(nanoseconds: Int64) {
        let nanoseconds = max(0, min(nanoseconds, 1_000_000_000_000_000))
        #if canImport(Darwin)
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        _ = unsafe pthread_cond_timedwait_relative_np(condition, lock.mutex, &time)
        #else
        var deadline = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let total = Int64(deadline.tv_nsec) + nanoseconds
        deadline.tv_sec += Int(total / 1_000_000_000)
        deadline.tv_nsec = Int(total % 1_000_000_000)
        _ = unsafe pthread_cond_timedwait(condition, lock.mutex, &deadline)
        #endif
    }

    func wakeOne() { _ = unsafe pthread_cond_signal(condition) }

    func wakeAll() { _ = unsafe pthread_cond_broadcast(condition) }

    /// Makes it as new, with nobody waiting. Only in a forked process, by its one thread.
    func reset() {
        #if canImport(Darwin)
        _ = unsafe pthread_cond_init(condition, nil)
        #else
        // Waiting is measured on a clock that nobody sets.
        var attributes = pthread_condattr_t()
        _ = unsafe pthread_condattr_init(&attributes)
        _ = unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        _ = unsafe pthread_cond_init(condition, &attributes)
        _ = unsafe pthread_condattr_destroy(&attributes)
        #endif
    }
}
