// SPDX-License-Identifier: Apache-2.0

/// The end of logging, for all destinations of the process that hold lines back or hold files open.
///
/// A process that ends normally (it returns from `main` or calls `exit`) needs none of this: buffers and queues are
/// flushed then, for five seconds each at most. After `_exit`, a signal or a trap, they are not.
public enum LoggingShutdown {
    /// Hands everything that was taken so far to the operating system. Waits for it.
    public static func flush() {
        for destination in OpenDestinations.outermostFirst { destination.flush() }
    }

    /// Flushes and closes. Lines that come later are dropped and counted.
    public static func shutdown() {
        for destination in OpenDestinations.outermostFirst { destination.close() }
    }
}
