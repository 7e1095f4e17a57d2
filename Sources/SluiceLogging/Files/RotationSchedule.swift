// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// When a file is changed for a new one by the clock.
public enum RotationSchedule: Sendable, Equatable {
    /// Every so many seconds, counted from 1970-01-01T00:00:00Z; at least 1, and at most a hundred years.
    case every(seconds: Int)
    /// At the beginning of each hour.
    case hourly
    /// Each day at this time; hour 0 to 23, minute 0 to 59. Where daylight saving time skips it, just after the gap.
    case daily(hour: Int = 0, minute: Int = 0)

    private static func period(_ seconds: Int) -> Int64 { Int64(max(1, min(3_155_760_000, seconds))) }

    /// How finely the date in a file's name is written.
    package enum Stamp { case day, hour, second }

    package var stamp: Stamp {
        switch self {
        case .every(let seconds): seconds >= 86_400 && seconds % 86_400 == 0 ? .day : .second
        case .hourly: .hour
        case .daily: .day
        }
    }

    /// The first change after an instant.
    ///
    /// - Parameters:
    ///   - seconds: the instant, since 1970-01-01T00:00:00Z.
    ///   - offset: how far the zone is ahead of UTC at an instant, in seconds.
    package func next(after seconds: Int64, offset: (Int64) -> Int64) -> Int64 {
        switch self {
        case .every(let period): return Self.multiple(of: Self.period(period), after: seconds)
        // By the minutes alone, so that an hour that comes twice has two files.
        case .hourly: return Self.multiple(of: 3600, after: seconds + offset(seconds)) - offset(seconds)
        case .daily(let hour, let minute):
            let timeOfDay = Int64(max(0, min(23, hour)) * 3600 + max(0, min(59, minute)) * 60)
            var local = Self.multiple(of: 86_400, after: seconds + offset(seconds) - timeOfDay) + timeOfDay
            var next = Self.instant(ofLocal: local, offset)
            // When clocks are set back, a local time can lie before the instant that was asked about.
            while next <= seconds {
                local += 86_400
                next = Self.instant(ofLocal: local, offset)
            }
            return next
        }
    }

    /// The local time, in seconds since 1970 as if it were UTC, at which the period began that ends at `end`.
    package func localStart(ofPeriodEndingAt end: Int64, offset: (Int64) -> Int64) -> Int64 {
        let local = end + offset(end)
        switch self {
        case .every(let period): return local - Self.period(period)
        // The hour that has just passed, whatever clocks were set to in between.
        case .hourly: return (end - 3600) + offset(end - 3600)
        case .daily: return local - 86_400
        }
    }

    private static func multiple(of period: Int64, after value: Int64) -> Int64 {
        (Timestamp.floorDivide(value, period) + 1) * period
    }

    private static func instant(ofLocal local: Int64, _ offset: (Int64) -> Int64) -> Int64 {
        let guess = local - offset(local)
        return local - offset(guess)
    }
}
