// SPDX-License-Identifier: Apache-2.0

/// How many requests may be under way at one host: one more after each round that was full and no slower than those
/// before, a tenth less after one with a refusal or much slower. Decides, and has no clock: times are nanoseconds of any
/// that is not set.
///
/// Source: the figures are those of Vector's adaptive request concurrency (AIMD over exponentially weighted means of the
/// answers' times). That answers may not take twice as long as they did at best keeps a host that is at its limit from
/// being given ever more to queue.
package struct AdaptiveConcurrency: Sendable {
    package private(set) var limit: Int
    package let maximum: Int
    private let isAdaptive: Bool

    /// What is learned between two decisions: about as long as one answer takes.
    private struct Round {
        var ends = Int64.min
        var sum = 0.0
        var answers = 0.0
        /// Somebody had to wait because of the limit.
        var isFull = false
        var isRefused = false
    }

    private var round = Round()
    /// How long answers took in the rounds before, in nanoseconds; nil before the first.
    private var past: (mean: Double, variance: Double)?
    /// The quickest round, forgotten slowly.
    private var best = 0.0
    /// Bytes of the largest request, forgotten slowly: smaller ones say nothing about how long full ones take.
    private var largest = 0.0

    private static let decrease = 0.9
    private static let deviations = 2.5
    private static let weight = 0.4
    private static let slowdown = 2.0

    /// - Parameter maximum: the limit begins at 1 and never exceeds this.
    package init(maximum: Int) {
        limit = 1
        self.maximum = max(1, maximum)
        isAdaptive = maximum > 1
    }

    /// A limit that stays as it is.
    package init(fixed: Int) {
        limit = max(1, fixed)
        maximum = limit
        isAdaptive = false
    }

    /// A request waits because so many are under way.
    package mutating func isReached() { round.isFull = true }

    /// A request has been answered, and taken.
    ///
    /// - Parameters:
    ///   - duration: from its start to its answer.
    ///   - bytes: of its body.
    package mutating func answered(after duration: Int64, bytes: Int, now: Int64) {
        guard isAdaptive else { return }
        let size = Double(bytes)
        if size > 2 * largest {
            past = nil
            best = 0
            round.sum = 0
            round.answers = 0
        }
        largest = max(size, largest * 0.99)
        if size >= largest / 2 {
            round.sum += Double(max(1, duration))
            round.answers += 1
        }
        end(now)
    }

    /// A request was refused because the host has too much to do, or not answered in time. Counts once a round.
    package mutating func refused(now: Int64) {
        guard isAdaptive else { return }
        if !round.isRefused, limit > 1 { limit = max(1, Int(Double(limit) * Self.decrease)) }
        round.isRefused = true
        end(now)
    }

    private mutating func end(_ now: Int64) {
        guard now >= round.ends else { return }
        let mean = round.answers > 0 ? round.sum / round.answers : nil
        if let past, let mean, !round.isRefused {
            if mean > past.mean + Self.deviations * past.variance.squareRoot(), mean > past.mean * 1.25 {
                if limit > 1 { limit = max(1, Int(Double(limit) * Self.decrease)) }
            } else if round.isFull, mean <= past.mean, mean <= Self.slowdown * best {
                limit = min(limit + 1, maximum)
            }
        }
        if let mean {
            best = best == 0 ? mean : min(mean, best * 1.005)
            if let old = past {
                let difference = mean - old.mean
                past = (
                    old.mean + Self.weight * difference,
                    (1 - Self.weight) * (old.variance + Self.weight * difference * difference)
                )
            } else {
                past = (mean, 0)
            }
        }
        round = Round()
        round.ends = now.adding(Int64(past?.mean ?? 0))
    }
}
