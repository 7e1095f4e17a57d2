// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the system knows of the process's time zone.
enum LocalTime {
    /// Read from the environment once, as the C library does.
    private static let isRead: Bool = {
        tzset()
        return true
    }()

    /// How far local time is ahead of UTC, in seconds.
    ///
    /// - Parameter seconds: the instant, since 1970-01-01T00:00:00Z.
    static func offset(at seconds: Int64) -> Int64 {
        guard let parts = unsafe parts(at: seconds) else { return 0 }
        return unsafe Int64(parts.tm_gmtoff)
    }

    /// The local date and time; nil for a year that the system cannot express.
    ///
    /// - Parameter seconds: the instant, since 1970-01-01T00:00:00Z.
    static func parts(at seconds: Int64) -> tm? {
        guard isRead else { return nil }
        var instant = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&instant, &parts) != nil else { return nil }
        return unsafe parts
    }
}
