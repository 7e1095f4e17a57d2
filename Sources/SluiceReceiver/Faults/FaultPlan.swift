// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// All faults that a receiver was asked for. Writes ask it what is to happen to them; it decides and does nothing.
package final class FaultPlan: Sendable {
    /// What happens to one request.
    package struct Decision: Sendable, Equatable {
        /// Bytes a second at which its body is read.
        package var bytesPerSecond: Int?
        /// Nanoseconds for which its answer is held back.
        package var delay: Int64 = 0
        /// The rule by which it ends, if it does not end well.
        package var ending: FaultRule?
        package var items: FaultItems?
    }

    private struct State {
        var random: FaultRandom
        var counts: [Int]
        /// When the first request came, in nanoseconds.
        var start: Int64?
    }

    private let rules: [FaultRule]
    private let state: Mutex<State>

    /// - Parameter seed: of what is decided by probability.
    package init(_ rules: [FaultRule], seed: UInt64) {
        self.rules = rules
        state = Mutex(State(random: FaultRandom(seed: seed), counts: Array(repeating: 0, count: rules.count)))
    }

    package var isEmpty: Bool { rules.isEmpty }

    /// Begins the time that `after` and `for` count from.
    package func start(at now: Int64) { state.withLock { $0.start = $0.start ?? now } }

    /// What is to happen to a write. Of the rules that end a request the first that applies counts.
    ///
    /// - Parameter now: nanoseconds, of the clock that `start` was given.
    package func decide(_ api: FaultRule.API, at now: Int64) -> Decision {
        state.withLock { state in
            let elapsed = now - (state.start ?? now)
            var decision = Decision()
            for (index, rule) in rules.enumerated() {
                guard rule.api == nil || rule.api == api, elapsed >= rule.after else { continue }
                if let duration = rule.duration, elapsed >= rule.after + duration { continue }
                if let first = rule.first, state.counts[index] >= first { continue }
                switch rule.fault {
                case .items(let status):
                    guard decision.items == nil else { continue }
                    decision.items = FaultItems(status: status, rate: rule.rate, seed: state.random.next())
                case .delay(let nanoseconds):
                    guard state.random.isHit(rule.rate) else { continue }
                    decision.delay += nanoseconds
                case .slow(let bytesPerSecond):
                    guard state.random.isHit(rule.rate) else { continue }
                    decision.bytesPerSecond = min(decision.bytesPerSecond ?? .max, bytesPerSecond)
                case .status, .reset, .halfReply, .content:
                    guard decision.ending == nil, state.random.isHit(rule.rate) else { continue }
                    decision.ending = rule
                }
                state.counts[index] += 1
            }
            return decision
        }
    }
}

/// Which items of a request are refused.
package struct FaultItems: Sendable, Equatable {
    package var status: Int
    package var rate: Double
    package var seed: UInt64

    /// One answer for each item, in their order.
    func refusals(count: Int) -> [Bool] {
        var random = FaultRandom(seed: seed)
        return (0..<count).map { _ in random.isHit(rate) }
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct FaultRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func isHit(_ rate: Double) -> Bool { rate >= 1 || Double.random(in: 0..<1, using: &self) < rate }
}
