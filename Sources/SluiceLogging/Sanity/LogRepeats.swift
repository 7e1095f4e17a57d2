// SPDX-License-Identifier: Apache-2.0

/// Says once what would be said again and again: a line that is the same as an earlier one of the same logger, in level,
/// message and fields, is left out for a while and counted.
///
/// When the interval is over, a line with the same level says `repeated 41 times: the message`, with `repeated` as a
/// field. Nothing runs by itself: it is said with the next line that is logged, whichever that is, or when the engine
/// is flushed or closed. Two lines that only look alike to a 64-bit hash are taken for the same.
public struct LogRepeats: Sendable, Hashable {
    /// How long after a line its repeats are left out.
    public var interval: Duration

    /// Creates a suppression.
    ///
    /// - Parameter interval: how long after a line its repeats are left out.
    public init(interval: Duration = .seconds(10)) { self.interval = interval }
}
