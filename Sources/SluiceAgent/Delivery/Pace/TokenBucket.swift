// SPDX-License-Identifier: Apache-2.0

/// So many of something a second. What there is room for goes at once, even if it is more than the room; then it takes
/// as long as that is worth until the next may. Has no clock: times are nanoseconds of any that is not set.
package struct TokenBucket: Sendable {
    /// A second's worth.
    package let rate: Int
    /// When the bucket will be full again.
    private var fullAt = Int64.min

    /// The bucket holds what this time is worth, in nanoseconds.
    package static let burst: Int64 = 100_000_000

    package init(rate: Int) { self.rate = max(1, rate) }

    /// From when on something may go.
    package var opensAt: Int64 { fullAt < .min + Self.burst ? .min : fullAt - Self.burst }

    package mutating func take(_ count: Int, now: Int64) {
        let worth = Double(count) * 1e9 / Double(rate)
        fullAt = max(fullAt, now).adding(Int64(min(worth, 9e18)))
    }
}
