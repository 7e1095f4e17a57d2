// SPDX-License-Identifier: Apache-2.0

/// A destination that can let go of what it holds open, and still writes a line that comes late.
///
/// When a configuration is replaced, a thread may still be on its way with a line to what the old one had open.
protocol RetirableDestination: LogDestination {
    /// Flushes, closes descriptors and ends threads. What comes later is opened and closed for each write.
    func retire()
}
