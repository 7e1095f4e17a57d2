// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The thread that does what signals ask for. Handlers wake it through a pipe, since they may neither lock nor allocate.
enum SignalThread {
    private struct Action: Sendable {
        var signal: HeededSignal
        /// How many signals it has been called for.
        var seen: Int
        var run: @Sendable (_ count: Int) -> Void
    }

    private static let actions = GuardedState<[Action]>([])
    /// Where handlers write; below 0 while there is no thread.
    private static let entrance = Atomic<Int32>(-1)
    /// The process that has the thread: a forked one has the pipe as well, and must leave it alone.
    private static let owner = Atomic<pid_t>(0)

    /// Makes what ``wake()`` uses.
    static func prepare() {
        _ = entrance.load(ordering: .relaxed)
        _ = owner.load(ordering: .relaxed)
    }

    /// Has the thread do something after each signal that comes from now on; of several that come while it is at work it
    /// is told at once how many they were.
    static func after(_ signal: HeededSignal, _ run: @escaping @Sendable (_ count: Int) -> Void) {
        actions.withLock { actions in
            if owner.load(ordering: .relaxed) != getpid() {
                actions = []
                start()
            }
            actions.append(Action(signal: signal, seen: signal.count, run: run))
        }
        signal.heed()
    }

    private static func start() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return complain("make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A full pipe wakes the thread just as well, and must not hold up whoever was interrupted by the signal.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let exit = ends[0]
        guard WorkThread.start({ work(exit) }) else {
            for end in ends { _ = close(end) }
            return complain("start a thread")
        }
        owner.store(getpid(), ordering: .relaxed)
        entrance.store(ends[1], ordering: .releasing)
    }

    private static func complain(_ what: String) {
        StandardStream.complain("cannot \(what): \(SystemError.text(of: errno)); signals change nothing")
    }

    private static func work(_ exit: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        while true {
            let count = unsafe readBytes(exit, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            for (run, count) in due() { run(count) }
        }
    }

    private static func due() -> [(run: @Sendable (Int) -> Void, count: Int)] {
        actions.withLock { actions in
            actions.indices.compactMap { index in
                let count = actions[index].signal.count
                let new = count - actions[index].seen
                actions[index].seen = count
                return new > 0 ? (actions[index].run, new) : nil
            }
        }
    }

    /// In a signal handler.
    static func wake() {
        let descriptor = entrance.load(ordering: .acquiring)
        guard descriptor >= 0, getpid() == owner.load(ordering: .relaxed) else { return }
        let before = errno
        var byte: UInt8 = 0
        _ = unsafe writeBytes(descriptor, &byte, 1)
        errno = before
    }
}

private let readBytes = unsafe read
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
