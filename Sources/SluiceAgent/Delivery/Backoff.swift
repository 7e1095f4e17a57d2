// SPDX-License-Identifier: Apache-2.0

/// Exponential backoff with full jitter: a random time between nothing and a limit that doubles with every failure.
package struct Backoff: Sendable {
    /// Nanoseconds.
    package var initial: Int64
    package var maximum: Int64
    private var failures = 0

    package init(initial: Int64, maximum: Int64) {
        self.initial = max(1, initial)
        self.maximum = max(self.initial, maximum)
    }

    package mutating func reset() { failures = 0 }

    /// The limit for the next pause.
    package var limit: Int64 {
        var limit = initial
        for _ in 0..<min(failures, 62) {
            if limit >= maximum / 2 { return maximum }
            limit *= 2
        }
        return min(limit, maximum)
    }

    /// The next pause, in nanoseconds.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Int64 {
        let pause = Int64.random(in: 0...limit, using: &generator)
        failures = min(failures + 1, 62)
        return pause
    }

    /// The next pause, in nanoseconds, from half the limit on: for what others wait for, too.
    package mutating func nextFromHalf(using generator: inout some RandomNumberGenerator) -> Int64 {
        let pause = Int64.random(in: (limit / 2)...limit, using: &generator)
        failures = min(failures + 1, 62)
        return pause
    }
}

extension Int64 {
    /// A time that much later, or the last one there is.
    func adding(_ duration: Int64) -> Int64 {
        let (sum, isTooLate) = addingReportingOverflow(duration)
        return isTooLate ? .max : sum
    }
}
