// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Wakes a thread that waits for a descriptor: once and for ever, or for one look around.
@safe
final class WakeUp: @unchecked Sendable {  // the descriptors do not change
    private let reading: Int32
    private let writing: Int32
    private let woken = Atomic(false)

    init() {
        var pair: [Int32] = [-1, -1]
        if unsafe pipe(&pair) != 0 { pair = [-1, -1] }
        for descriptor in pair where descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        reading = pair[0]
        writing = pair[1]
    }

    deinit {
        if reading >= 0 { close(reading) }
        if writing >= 0 { close(writing) }
    }

    func wake() {
        woken.store(true, ordering: .releasing)
        var byte: UInt8 = 1
        _ = unsafe write(writing, &byte, 1)
    }

    /// Can be read once it has been woken, for those who wait for more than `wait` takes.
    var descriptor: Int32 { reading }

    /// Ends one wait.
    func nudge() {
        var byte: UInt8 = 1
        _ = unsafe write(writing, &byte, 1)
    }

    /// Whether it has been woken for ever.
    var isAwake: Bool { woken.load(ordering: .acquiring) }

    /// Waits until it is woken, another descriptor can be read, or this much time has passed.
    ///
    /// - Parameter other: -1 for none.
    func wait(nanoseconds: Int64, or other: Int32) {
        var entries = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        // Rounded up, so that nobody who waits for less than a millisecond goes round and round.
        let milliseconds = Int32(clamping: (max(0, nanoseconds) + 999_999) / 1_000_000)
        _ = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        // After a nudge it can wait again. Who is woken for ever is told so by `isAwake`.
        if entries[0].revents != 0, !isAwake {
            var bytes = [UInt8](repeating: 0, count: 64)
            while unsafe read(reading, &bytes, bytes.count) > 0 {}
        }
    }
}
