// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells a sender what became of its messages once several queues have settled them: what the first of them to fail says.
final class SharedAnswer: Sendable {
    private struct State {
        var left: Int
        var outcome = DurableQueue.Outcome.kept
    }

    private let state: Mutex<State>
    private let tell: @Sendable (DurableQueue.Outcome) -> Void

    init(waitingFor count: Int, _ tell: @escaping @Sendable (DurableQueue.Outcome) -> Void) {
        state = Mutex(State(left: count))
        self.tell = tell
    }

    @Sendable
    func settle(_ outcome: DurableQueue.Outcome) {
        let final: DurableQueue.Outcome? = state.withLock { state in
            if outcome != .kept, state.outcome == .kept { state.outcome = outcome }
            state.left -= 1
            return state.left == 0 ? state.outcome : nil
        }
        if let final { tell(final) }
    }
}
