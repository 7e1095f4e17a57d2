// SPDX-License-Identifier: Apache-2.0

/// A value and the lock that guards it; what `Mutex` is, for processes that fork.
final class GuardedState<State>: @unchecked Sendable {  // the value is only reached under the lock
    private let guarding = WaitLock()
    // The lock sees to it that nobody else is at it.
    @safe @exclusivity(unchecked) private var state: State

    init(_ state: State) { self.state = state }

    @inline(__always)
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        guarding.lock()
        defer { guarding.unlock() }
        return body(&state)
    }

    /// For whoever has called `lock`.
    func withLockTaken(_ body: (inout State) -> Void) { body(&state) }

    func lock() { guarding.lock() }

    func unlock() { guarding.unlock() }

    /// In a forked process, by its one thread: lets go of the lock that was taken before, and puts things right.
    func unlockAfterFork(_ body: (inout State) -> Void) {
        guarding.reset()
        body(&state)
    }
}
