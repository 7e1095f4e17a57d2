// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Which clock a layout for people reads times from.
public enum LayoutTimeZone: String, Hashable, Sendable, CaseIterable {
    /// Coordinated Universal Time.
    case utc
    /// The process's time zone, daylight saving time included.
    case local

    /// The time that the clock shows, in nanoseconds as if it were UTC.
    ///
    /// - Parameter time: nanoseconds since 1970-01-01T00:00:00Z.
    func civil(_ time: Int64) -> Int64 {
        switch self {
        case .utc: time
        case .local: time &+ LocalTime.offset(at: Timestamp.floorDivide(time, 1_000_000_000)) &* 1_000_000_000
        }
    }
}
