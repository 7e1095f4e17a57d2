// SPDX-License-Identifier: Apache-2.0

/// Delays from write to arrival, in nanoseconds.
struct DelayStatistics {
    struct Summary: Sendable {
        var median: Int64
        /// 99 of 100 took no longer.
        var high: Int64
    }

    /// The newest are summarised alone, over this long.
    private static let recentSpan: Duration = .seconds(5)

    private var recentDelays: [(seen: ContinuousClock.Instant, delay: Int64)] = []
    private var allDelays: [Int64] = []

    mutating func add(_ delays: [Int64], seen: ContinuousClock.Instant) {
        allDelays += delays
        recentDelays += delays.map { (seen, $0) }
    }

    /// Of the last seconds; nil if nothing came.
    mutating func recent(now: ContinuousClock.Instant) -> Summary? {
        recentDelays.removeAll { now - $0.seen > Self.recentSpan }
        return Self.summary(recentDelays.map(\.delay))
    }

    /// Of all.
    var all: Summary? { Self.summary(allDelays) }

    /// By nearest rank.
    private static func summary(_ delays: [Int64]) -> Summary? {
        let sorted = delays.sorted()
        func rank(_ percent: Int) -> Int64? { sorted.dropFirst(max(0, (sorted.count * percent + 99) / 100 - 1)).first }
        guard let median = rank(50), let high = rank(99) else { return nil }
        return Summary(median: median, high: high)
    }
}
