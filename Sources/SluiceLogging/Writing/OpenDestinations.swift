// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The destinations that are open in this process, in the order in which they were opened: one that writes to another
/// comes after it.
enum OpenDestinations {
    private struct Entry {
        weak var destination: (any OpenDestination)?
    }

    private final class Registry: @unchecked Sendable {  // everything is under the lock
        let lock = WaitLock()
        var entries: [Entry] = []
        /// Those that are locked while the process forks, and so kept alive.
        var forking: [any OpenDestination] = []
    }

    private static let registry: Registry = {
        let registry = Registry()
        // The C library calls these for every fork and at the normal end of the process.
        pthread_atfork({ lockBeforeFork() }, { unlockInParent() }, { unlockInChild() })
        atexit { flushAtExit() }
        return registry
    }()

    /// Never while a lock is held that is taken before a fork.
    static func add(_ destination: any OpenDestination) {
        registry.lock.withLock {
            registry.entries.removeAll { $0.destination == nil }
            registry.entries.append(Entry(destination: destination))
        }
    }

    /// Those that are open, outermost first.
    static var outermostFirst: [any OpenDestination] {
        registry.lock.withLock { registry.entries.reversed().compactMap(\.destination) }
    }

    private static func flushAtExit() {
        for destination in outermostFirst { destination.flushAtExit() }
    }

    private static func lockBeforeFork() {
        registry.lock.lock()
        registry.forking = registry.entries.reversed().compactMap(\.destination)
        for destination in registry.forking { destination.lockBeforeFork() }
    }

    private static func unlockInParent() {
        for destination in registry.forking.reversed() { destination.unlockAfterForkInParent() }
        let released = registry.forking
        registry.forking = []
        registry.lock.unlock()
        withExtendedLifetime(released) {}
    }

    private static func unlockInChild() {
        registry.lock.reset()
        for destination in registry.forking.reversed() { destination.unlockAfterForkInChild() }
        registry.forking = []
    }
}
