// SPDX-License-Identifier: Apache-2.0

/// A destination that has something to do when the process ends or forks.
protocol OpenDestination: AnyObject, Sendable {
    /// Flushes, at the process's end: it must come back even if what it writes to stands still.
    func flushAtExit()

    /// Hands everything that was taken so far to the operating system.
    func flush()

    /// Flushes and closes.
    func close()

    /// Takes its locks, so that the child finds nothing half done.
    func lockBeforeFork()

    /// Lets go of them in the parent.
    func unlockAfterForkInParent()

    /// Lets go of them in the child, where there are no other threads; forgets what the parent is going to write.
    func unlockAfterForkInChild()
}
