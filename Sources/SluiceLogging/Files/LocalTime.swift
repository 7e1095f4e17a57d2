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
        guard isRead else { return 0 }
        var instant = time_t(seconds)
        var parts = unsafe tm()
        let isKnown = unsafe localtime_r(&instant, &parts) != nil
        guard isKnown else { return 0 }
        return unsafe Int64(parts.tm_gmtoff)
    }
}
