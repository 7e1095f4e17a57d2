// SPDX-License-Identifier: Apache-2.0

/// How old files are compressed to gzip (`app.log.2.gz`), on a thread of its own.
///
/// A file is written under a hidden name (`.app.log.partial`), synced, and renamed when it is complete; only then the
/// original is removed. A crash in between leaves the original, and the work is done again.
public struct CompressionPolicy: Sendable, Equatable {
    /// 1 (fast) to 9 (small).
    public var level: Int
    /// How many of the newest old files stay as they are.
    ///
    /// Whoever follows the log by its inode, as `sluice run` and `tail -F` do, may not have read the last lines of a
    /// file when it is rotated, and does not look for them in a compressed one. With the default, 1, a follower has
    /// the time of a whole file to come to its end.
    public var delay: Int

    #if Gzip
    /// - Parameters:
    ///   - level: 1 (fast) to 9 (small).
    ///   - delay: how many of the newest old files stay as they are.
    public init(level: Int = 6, delay: Int = 1) {
        self.level = level
        self.delay = delay
    }
    #endif
}
