// SPDX-License-Identifier: Apache-2.0

/// How much an output may send a second: `rate_limit`. Has no clock: times are nanoseconds of any that is not set.
package struct RateLimit: Sendable {
    private var bytes: TokenBucket?
    private var events: TokenBucket?

    /// - Parameters:
    ///   - bytes: of bodies before compression; nil: any number.
    ///   - events: nil: any number.
    package init(bytes: Int?, events: Int?) {
        self.bytes = bytes.map { TokenBucket(rate: $0) }
        self.events = events.map { TokenBucket(rate: $0) }
    }

    /// From when on the next request may go.
    package var opensAt: Int64 { max(bytes?.opensAt ?? .min, events?.opensAt ?? .min) }

    /// A request goes.
    package mutating func take(bytes: Int, events: Int, now: Int64) {
        self.bytes?.take(bytes, now: now)
        self.events?.take(events, now: now)
    }
}
