// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// Writes lines on a thread of its own, so that whoever logs does not wait for the disk.
///
/// - **What is acknowledged:** of the lines that were not dropped, those are with the destination behind this one that
///   came before a ``flush()`` that has returned. By itself a line gets there as soon as the thread has written those
///   before it; and at the normal end of the process, which waits up to five seconds for it.
/// - Memory is bounded by ``QueuePolicy``: twice its size at most, since one part is written while another fills.
/// - Dropped lines are counted in ``droppedLines`` and, with the trait `Metrics`, in swift-metrics. When there is room
///   again, the log itself says how many are missing, where they are missing: see ``DropNotice``.
/// - `kill -9` costs what waits. A forked process leaves to its parent what waits there.
public final class BackgroundDestination: LogDestination {
    /// How many lines may wait, and what happens to one more.
    public let policy: QueuePolicy
    private let queue: QueueWriter

    /// - Parameters:
    ///   - destination: where the lines go. Nobody else should write to it, or lines change their order.
    ///   - policy: how many lines may wait, and what happens to one more.
    ///   - notice: says in the log that lines were dropped; nil for a line in the layout of the output that an engine
    ///     has for this destination, which is ``JSONLayout`` if there is none.
    public init(_ destination: any LogDestination, policy: QueuePolicy = QueuePolicy(), notice: DropNotice? = nil) {
        self.policy = policy
        queue = QueueWriter(destination, policy: policy, notice: notice)
        OpenDestinations.add(queue)
    }

    deinit { close() }

    /// The layout of the lines that come here.
    func adopt(_ layout: any LogLayout) { queue.adopt(layout) }

    /// Lines that were dropped because the queue was full, and lines that the destination could not write.
    public var droppedLines: Int { queue.droppedLines }

    /// Puts the line in the queue.
    public func write(_ line: RawSpan, level: Logger.Level) {
        line.withByteView { queue.offer($0, level) }
    }

    /// Waits until everything that was taken so far has been written, or dropped for newer lines.
    public func flush() { queue.flush() }

    /// Flushes, ends the thread, and closes the destination.
    public func close() { queue.close() }

    /// Reopens the destination; what waits goes to the new file.
    public func reopen() { queue.destination.reopen() }
}

extension BackgroundDestination: RetirableDestination {
    func retire() { queue.retire() }
}
