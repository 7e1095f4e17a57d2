// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Where finished lines go.
///
/// A destination is shared by all handlers that write to it, and is called from any thread. Logging must never bring
/// a service down, so none of its functions throws: what cannot be written is dropped and counted, and said once on
/// the standard error.
public protocol LogDestination: AnyObject, Sendable {
    /// Takes one whole line, its newline included.
    ///
    /// It must neither log nor wait for long. The bytes are good only during the call.
    ///
    /// - Parameters:
    ///   - line: UTF-8, ending in a newline, with no other newline in it.
    ///   - level: the level at which the line was logged.
    func write(_ line: RawSpan, level: Logger.Level)

    /// Hands everything that was taken so far to the operating system.
    func flush()

    /// Flushes, and lets go of what the destination holds open. Lines that come later are dropped and counted.
    func close()
}
