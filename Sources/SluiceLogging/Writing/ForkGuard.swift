// SPDX-License-Identifier: Apache-2.0

/// A state that stays whole when the process forks while another thread is at it.
///
/// It is for destinations that have nothing to flush or to close at the end of logging.
final class ForkGuard<State>: OpenDestination {
    let state: GuardedState<State>

    init(_ state: State) { self.state = GuardedState(state) }

    func flushAtExit() {}

    func flush() {}

    func close() {}

    func lockBeforeFork() { state.lock() }

    func unlockAfterForkInParent() { state.unlock() }

    func unlockAfterForkInChild() { state.unlockAfterFork { _ in } }
}
