// SPDX-License-Identifier: Apache-2.0

/// When a line that was logged is written, and so what is promised of it.
///
/// ```swift
/// let file = try RotatingFile(path: "/var/log/service/app.log").writing(.background(QueuePolicy(overflow: .block)))
/// ```
///
/// A line is acknowledged when it can no longer be lost with the process, even by `kill -9` (what a power failure
/// spares is up to ``SyncPolicy``). Every acknowledged line is in the file once, whole, and after the lines that its
/// thread logged before it.
///
/// | mode | acknowledged are |
/// | --- | --- |
/// | `immediate` | all lines whose write has returned |
/// | `buffered` | all lines that were logged before a ``LogDestination/flush()`` that has returned, or before a line at or above the flush level whose write has returned, and that line |
/// | `background` | of the lines that were not dropped: those that were logged before a ``LogDestination/flush()`` that has returned |
///
/// Lines that the destination counts in ``LogDestination/droppedLines`` (a full disk, a full queue) are not
/// acknowledged in any mode. A process that ends normally flushes.
public enum WritingMode: Sendable, Equatable {
    /// Each line by itself, before logging it returns.
    case immediate
    /// Several at once, by whoever logs the last of them: see ``BufferedDestination``.
    case buffered(BufferPolicy)
    /// By a thread of its own: see ``BackgroundDestination``.
    case background(QueuePolicy)
}

extension LogDestination {
    /// The destination as it is written to in a mode.
    ///
    /// - Parameters:
    ///   - mode: when lines are written.
    ///   - notice: says in the log that a background queue dropped lines; nil for a line in the output's own layout.
    public func writing(_ mode: WritingMode, notice: DropNotice? = nil) -> any LogDestination {
        switch mode {
        case .immediate: self
        case .buffered(let policy): BufferedDestination(self, policy: policy)
        case .background(let policy): BackgroundDestination(self, policy: policy, notice: notice)
        }
    }
}
