// SPDX-License-Identifier: Apache-2.0

public import Logging

/// When a file's content is made to outlive the machine, with `fdatasync(2)`. What was written outlives the process in
/// any case.
public enum SyncPolicy: Sendable, Equatable {
    /// When the system thinks fit: after a power failure the last half minute may be missing.
    case never
    /// So long at most after a line was written.
    case interval(Duration)
    /// Before the write of a line at or above this level returns; with it, all lines before.
    case level(Logger.Level)
    /// Before the write of any line returns; lines that are written as one (see ``WritingMode``) are synced as one.
    case everyLine
}
