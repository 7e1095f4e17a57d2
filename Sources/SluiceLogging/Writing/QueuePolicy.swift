// SPDX-License-Identifier: Apache-2.0

public import Logging

/// How many lines may wait to be written in the background, and what happens to one more.
public struct QueuePolicy: Sendable, Equatable {
    /// What happens when the queue is full.
    public enum Overflow: Sendable, Equatable {
        /// Whoever logs waits until there is room. Nothing is dropped.
        case block
        /// The lines that have waited longest are dropped for the new one.
        case dropOldest
        /// The new line is dropped.
        case dropNewest
        /// The new line is dropped if it is below the level; otherwise whoever logs it waits until there is room.
        case dropBelow(Logger.Level)
    }

    /// The queue is full when a line would bring it beyond so many bytes. An empty one takes any line.
    public var maximumBytes: Int
    /// The queue is full when it holds so many lines.
    public var maximumLines: Int
    /// What happens then.
    public var overflow: Overflow

    /// - Parameters:
    ///   - maximumBytes: the most bytes that wait.
    ///   - maximumLines: the most lines that wait.
    ///   - overflow: what happens to one more.
    public init(maximumBytes: Int = 8 << 20, maximumLines: Int = 1 << 16, overflow: Overflow = .block) {
        self.maximumBytes = maximumBytes
        self.maximumLines = maximumLines
        self.overflow = overflow
    }
}
