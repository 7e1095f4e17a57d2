// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A signal that the library heeds: its handler counts it and wakes the thread that does what a handler may not.
final class HeededSignal: Sendable {
    static let hangup = HeededSignal(SIGHUP)
    static let user1 = HeededSignal(SIGUSR1)
    static let user2 = HeededSignal(SIGUSR2)

    private let number: Int32
    private let received = Atomic<Int>(0)
    private let isHeeded = Atomic<Bool>(false)
    /// What was done about it before: a function's address, or 0.
    private let previous = Atomic<UInt>(0)

    private init(_ number: Int32) { self.number = number }

    /// How often it has come.
    @inline(__always)
    var count: Int { received.load(ordering: .relaxed) }

    /// Sets up the handler, once a process.
    func heed() {
        guard !isHeeded.exchange(true, ordering: .relaxed) else { return }
        // What the handler uses is made before a signal can ask for it.
        SignalThread.prepare()
        var action = sigaction()
        var before = sigaction()
        let handler: @convention(c) (Int32) -> Void = { HeededSignal.handle($0) }
        #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = handler
        #else
        unsafe action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = SA_RESTART
        guard unsafe sigaction(number, &action, &before) == 0, before.sa_flags & SA_SIGINFO == 0 else { return }
        #if canImport(Darwin)
        let known = unsafe before.__sigaction_u.__sa_handler
        #else
        let known = unsafe before.__sigaction_handler.sa_handler
        #endif
        previous.store(unsafe unsafeBitCast(known, to: UInt.self), ordering: .relaxed)
    }

    private static func handle(_ number: Int32) {
        switch number {
        case SIGHUP: hangup.receive()
        case SIGUSR1: user1.receive()
        case SIGUSR2: user2.receive()
        default: break
        }
    }

    /// In the handler: only what `signal-safety(7)` allows.
    private func receive() {
        received.add(1, ordering: .relaxed)
        SignalThread.wake()
        let address = previous.load(ordering: .relaxed)
        // 0 and 1 stand for the default and for nothing at all.
        guard address > 1 else { return }
        unsafe unsafeBitCast(address, to: (@convention(c) (Int32) -> Void).self)(number)
    }
}
