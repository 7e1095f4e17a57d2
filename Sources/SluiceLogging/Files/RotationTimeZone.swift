// SPDX-License-Identifier: Apache-2.0

/// Whose hours and days rotation by time and the dates in file names follow.
public enum RotationTimeZone: String, Sendable, Equatable, CaseIterable {
    /// Coordinated Universal Time, as the timestamps of the lines.
    case utc
    /// The process's time zone, daylight saving time included.
    case local
}
