// SPDX-License-Identifier: Apache-2.0

/// When a log file is changed for a new one, and what the old one is called then.
public struct RotationPolicy: Sendable, Equatable {
    /// The names of old files.
    public enum Naming: String, Sendable, Equatable, CaseIterable {
        /// `app.log.1` is the newest, `app.log.2` the one before it, and so on, as Python's `RotatingFileHandler` has
        /// it. Each change renames them all: more than a few hundred are better dated.
        case numbered
        /// `app.log.2026-11-22`; rotated by the hour `app.log.2026-11-22_03`; by seconds
        /// `app.log.2026-11-22_03-32-00`: when the period began. A second file of a period gets `.1` behind that, a
        /// third `.2`. A name is never given twice.
        case dated
    }

    /// The size, in bytes, that a file does not reach unless a single line does; 0 for no limit.
    public var maximumBytes: Int
    /// When the file is changed by the clock; nil for never. It is changed before the first line that is written after
    /// that time, and stays as it is while nothing is written or it is empty. After a restart the time follows from
    /// when the file was last written to.
    public var schedule: RotationSchedule?
    /// Whose hours and days `schedule` and dates in names follow.
    public var timeZone: RotationTimeZone
    /// The names of old files.
    public var naming: Naming

    /// - Parameters:
    ///   - maximumBytes: the size that a file does not reach; 0 for no limit.
    ///   - schedule: when the file is changed by the clock.
    ///   - timeZone: whose hours and days that follows.
    ///   - naming: the names of old files.
    public init(
        maximumBytes: Int = 10 << 20,
        schedule: RotationSchedule? = nil,
        timeZone: RotationTimeZone = .utc,
        naming: Naming = .numbered
    ) {
        self.maximumBytes = maximumBytes
        self.schedule = schedule
        self.timeZone = timeZone
        self.naming = naming
    }

    /// The file is never changed.
    public static let never = RotationPolicy(maximumBytes: 0)

    func offset(at seconds: Int64) -> Int64 {
        switch timeZone {
        case .utc: 0
        case .local: LocalTime.offset(at: seconds)
        }
    }
}
