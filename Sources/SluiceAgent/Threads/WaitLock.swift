// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A lock that threads can also wait on: a mutex and a condition variable.
///
/// For the threads that do blocking work (reading, parsing, committing); async code never waits on one. `Sendable`,
/// because that is what it is for.
@safe
final class WaitLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        // Waiting is measured on a clock that nobody sets.
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Lets go of the lock, waits for `wakeAll`, and takes it again. Can return for no reason: look again.
    func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// The same, for at most this many nanoseconds.
    func wait(nanoseconds: Int64) {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let total = Int64(deadline.tv_nsec) + max(0, nanoseconds)
        deadline.tv_sec += Int(total / 1_000_000_000)
        deadline.tv_nsec = Int(total % 1_000_000_000)
        unsafe pthread_cond_timedwait(condition, mutex, &deadline)
    }

    func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
