// SPDX-License-Identifier: Apache-2.0

/// SIGUSR1 and SIGUSR2, by which an operator has a running service say more, or less.
///
/// ```swift
/// VerbositySignals.changeRootLevel()
/// ```
/// ```sh
/// kill -USR1 "$(pidof service)"   # info becomes debug
/// ```
///
/// Handlers that were there before are called as well.
public enum VerbositySignals {
    /// From now on SIGUSR1 makes the root's level one more verbose, and SIGUSR2 one less, between `trace` and `critical`:
    /// ``LogEngine/setLevel(_:for:)`` for `""`, which holds for all loggers that have no level of their own. The new level
    /// is said in the log, at `notice`, whatever that level is.
    ///
    /// A thread of its own does it. A forked process does not, unless it asks for it again.
    ///
    /// - Parameter engine: whose level it is.
    public static func changeRootLevel(of engine: LogEngine = .shared) {
        SignalThread.after(.user1) { count in change(engine, by: -count) }
        SignalThread.after(.user2) { count in change(engine, by: count) }
    }

    private static func change(_ engine: LogEngine, by steps: Int) {
        let rank = Int(LevelRank.of(engine.level(of: ""))) + max(-6, min(6, steps))
        let level = LevelRank.level(UInt8(max(0, min(6, rank))))
        engine.setLevel(level)
        EngineNotice.rootLevel(level, in: engine)
    }
}
