// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The two clocks of the machine, in nanoseconds.
enum SystemClock {
    /// Since 1970, as the machine's clock has it; it can be set, forwards and back.
    static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// Since some moment before; it only goes forwards.
    static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
