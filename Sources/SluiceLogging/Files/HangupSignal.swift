// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// SIGHUP, by which `logrotate` and others tell a process that its log files were moved away.
///
/// ```swift
/// HangupSignal.reopensFiles()
/// ```
///
/// Without it files that were moved away are noticed all the same, within a tenth of a second; by the signal it is at
/// the next line. It does not stand in the way of other users of SIGHUP: a handler that was there before is called as
/// well, and one that is set up later, such as swift-service-lifecycle's, takes over.
public enum HangupSignal {
    /// How often it has come.
    private static let received = Atomic<Int>(0)
    /// What was done about it before: a function's address, or 0.
    private static let previous = Atomic<UInt>(0)

    /// From now on each ``RotatingFile`` of the process is opened anew at its first line after a SIGHUP. Call it once
    /// a process, before what may come to wait for the signal.
    public static func reopensFiles() { _ = isInstalled }

    @inline(__always)
    static var count: Int { received.load(ordering: .relaxed) }

    private static let isInstalled: Bool = {
        // Both are made before a signal can ask for them.
        received.store(0, ordering: .relaxed)
        previous.store(0, ordering: .relaxed)
        var action = sigaction()
        var before = sigaction()
        let handler: @convention(c) (Int32) -> Void = { HangupSignal.handle($0) }
        #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = handler
        #else
        unsafe action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = SA_RESTART
        guard unsafe sigaction(SIGHUP, &action, &before) == 0 else { return false }
        guard before.sa_flags & SA_SIGINFO == 0 else { return true }
        #if canImport(Darwin)
        let known = unsafe before.__sigaction_u.__sa_handler
        #else
        let known = unsafe before.__sigaction_handler.sa_handler
        #endif
        previous.store(unsafe unsafeBitCast(known, to: UInt.self), ordering: .relaxed)
        return true
    }()

    private static func handle(_ signalNumber: Int32) {
        received.add(1, ordering: .relaxed)
        let address = previous.load(ordering: .relaxed)
        // 0 and 1 stand for the default and for nothing at all.
        guard address > 1 else { return }
        unsafe unsafeBitCast(address, to: (@convention(c) (Int32) -> Void).self)(signalNumber)
    }
}
