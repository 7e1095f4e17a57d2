// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The operating system's clocks, in nanoseconds.
enum SystemClock {
    /// Since 1970-01-01T00:00:00Z.
    static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// Since some fixed instant, never going back, good to a few milliseconds and cheap to read.
    static func coarseMonotonic() -> Int64 {
        #if canImport(Darwin)
        read(CLOCK_MONOTONIC_RAW_APPROX)
        #else
        read(CLOCK_MONOTONIC_COARSE)
        #endif
    }

    /// Since 1970-01-01T00:00:00Z, good to a few milliseconds and cheap to read.
    static func coarseNow() -> Int64 {
        #if canImport(Darwin)
        read(CLOCK_REALTIME)
        #else
        read(CLOCK_REALTIME_COARSE)
        #endif
    }

    /// Since some fixed instant, never going back.
    static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
