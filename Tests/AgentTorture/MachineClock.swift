// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The clocks of the machine, in nanoseconds.
enum MachineClock {
    static let second: Int64 = 1_000_000_000
    static let millisecond: Int64 = 1_000_000

    static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }
    static func realTime() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }

    static func sleep(milliseconds: Int) {
        if milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) }
    }
}
