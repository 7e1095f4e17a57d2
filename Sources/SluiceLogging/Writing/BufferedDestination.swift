// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// Holds lines back, so that many are written at once.
///
/// - **What is acknowledged:** a line is with the destination behind this one when a ``flush()`` that came after it has
///   returned, or the write of a line at or above the flush level that came after it, or is it. By itself it gets
///   there within the interval, and when the buffer is full; and at the normal end of the process.
/// - `kill -9` costs what is held back: at most what ``BufferPolicy`` says.
/// - A forked process leaves to its parent what that holds back.
public final class BufferedDestination: LogDestination {
    private struct State {
        var lines = LineBlock()
        var dropsAfterClose = 0
        var isClosed = false
        /// Nobody should write here any more: what comes all the same is written at once.
        var isRetired = false
        /// There is a thread that flushes by time.
        var hasTask = false
    }

    /// When lines are written.
    public let policy: BufferPolicy
    private let destination: any LogDestination
    private let state = GuardedState(State())
    private let flushing = LazyTask()

    /// - Parameters:
    ///   - destination: where the lines go. Nobody else should write to it, or lines change their order.
    ///   - policy: when they go there.
    public init(_ destination: any LogDestination, policy: BufferPolicy = BufferPolicy()) {
        self.destination = destination
        self.policy = policy
        flushing.set(interval: policy.interval) { [weak self] in self?.flush() }
        OpenDestinations.add(self)
    }

    deinit { close() }

    /// Lines that could not be written.
    public var droppedLines: Int { destination.droppedLines + state.withLock { $0.dropsAfterClose } }

    /// Takes the line, and writes what is held back if it is time to.
    public func write(_ line: RawSpan, level: Logger.Level) {
        line.withByteView { line in
            state.withLock { state in
                guard !state.isClosed else {
                    state.dropsAfterClose += 1
                    return
                }
                state.lines.append(line, level)
                if mustFlush(level, state) { flush(&state) }
            }
        }
    }

    /// Takes the lines, and writes what is held back if it is time to.
    public func write(_ lines: RawSpan, levels: Span<Logger.Level>) {
        lines.withByteView { view in
            state.withLock { state in
                guard !state.isClosed else {
                    state.dropsAfterClose += levels.count
                    return
                }
                var rest = view
                for index in levels.indices {
                    guard let newline = rest.firstIndex(of: UInt8(ascii: "\n")) else { return }
                    state.lines.append(rest[0..<(newline + 1)], levels[index])
                    rest = rest[(newline + 1)..<rest.count]
                    if mustFlush(levels[index], state) { flush(&state) }
                }
            }
        }
    }

    @inline(__always)
    private func mustFlush(_ level: Logger.Level, _ state: borrowing State) -> Bool {
        if state.lines.byteCount >= policy.maximumBytes { return true }
        if let flushLevel = policy.flushLevel, level >= flushLevel { return true }
        return !state.hasTask || state.isRetired
    }

    /// Under the lock, so that lines keep their order.
    private func flush(_ state: inout State) {
        // Without a thread, nothing may wait.
        if !state.hasTask { state.hasTask = flushing.start() }
        guard !state.lines.isEmpty else { return }
        state.lines.write(to: destination)
        state.lines.removeAll()
    }

    /// Writes what is held back.
    public func flush() {
        state.withLock { flush(&$0) }
        destination.flush()
    }

    /// Writes what is held back, and closes the destination.
    public func close() {
        flushing.stop()
        state.withLock { state in
            state.isClosed = true
            state.lines.write(to: destination)
            state.lines.removeAll()
        }
        destination.close()
    }

    /// Writes what is held back to where it was going, and reopens the destination.
    public func reopen() {
        flush()
        destination.reopen()
    }
}

extension BufferedDestination: OpenDestination {
    func flushAtExit() { state.withLock { flush(&$0) } }

    func lockBeforeFork() { state.lock() }

    func unlockAfterForkInParent() { state.unlock() }

    func unlockAfterForkInChild() {
        flushing.resetAfterFork()
        state.unlockAfterFork { state in
            state.lines.removeAll()
            state.hasTask = false
        }
    }
}

extension BufferedDestination: RetirableDestination {
    func retire() {
        flushing.stop()
        state.withLock { state in
            state.isRetired = true
            state.lines.write(to: destination)
            state.lines.removeAll()
        }
        destination.flush()
        (destination as? any RetirableDestination)?.retire()
    }
}
