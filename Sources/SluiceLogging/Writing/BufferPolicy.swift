// SPDX-License-Identifier: Apache-2.0

public import Logging

/// When lines that are held back are written.
public struct BufferPolicy: Sendable, Equatable {
    /// As soon as so many bytes are held back.
    public var maximumBytes: Int
    /// So long after a line was taken, at most (and as much again as a write takes).
    public var interval: Duration
    /// At once with a line at or above this level, which then is the last of its write; nil: levels do not matter.
    public var flushLevel: Logger.Level?

    /// - Parameters:
    ///   - maximumBytes: so many bytes are written at once.
    ///   - interval: the longest that a line is held back.
    ///   - flushLevel: a line at or above this level is not held back, nor are those before it.
    public init(
        maximumBytes: Int = 64 << 10,
        interval: Duration = .seconds(1),
        flushLevel: Logger.Level? = .error
    ) {
        self.maximumBytes = maximumBytes
        self.interval = interval
        self.flushLevel = flushLevel
    }
}
