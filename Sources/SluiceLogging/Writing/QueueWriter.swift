// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// A queue of lines and the thread that writes them.
final class QueueWriter: @unchecked Sendable {  // what changes is under the lock
    let destination: any LogDestination
    /// Nil for a line in the layout of the others.
    private let notice: DropNotice?
    private let dropLine: GuardedState<DropLine>
    private let metrics: DestinationMetrics
    private let lock = WaitLock()
    /// The thread waits for lines.
    private let work: WaitCondition
    /// Others wait for room, or for lines to be written.
    private let progress: WaitCondition

    // The lock sees to it that nobody else is at it.
    @safe @exclusivity(unchecked) private var queue: LineQueue
    private var spare: LineBlock?
    private var departed = 0
    private var droppedAfterClose = 0
    private var droppedBeforeFork = 0
    private var isRunning = false
    private var isResting = false
    private var isClosed = false
    /// Nobody should write here any more: a thread that late lines make necessary ends when they are written.
    private var isRetired = false
    /// Lines have been handed out and not been written yet.
    private var isWriting = false

    /// How long the process's end waits, in nanoseconds.
    private static let patienceAtExit: Int64 = 5_000_000_000

    init(_ destination: any LogDestination, policy: QueuePolicy, notice: DropNotice?) {
        self.destination = destination
        self.notice = notice
        dropLine = GuardedState(DropLine(destination, JSONLayout()))
        metrics = DestinationMetrics(name: (destination as? RotatingFile)?.path ?? "\(type(of: destination))")
        work = WaitCondition(lock)
        progress = WaitCondition(lock)
        queue = LineQueue(policy: policy)
    }

    var droppedLines: Int { destination.droppedLines + lock.withLock { ownDrops } }

    private var ownDrops: Int { queue.totalDropped + droppedAfterClose + droppedBeforeFork }

    func offer(_ line: ByteView, _ level: Logger.Level) {
        lock.lock()
        defer { lock.unlock() }
        while !isClosed {
            switch queue.offer(line, level) {
            case .taken:
                if !isRunning { start() }
                if isResting { wakeThread() }
                return
            case .dropped: return
            case .wait:
                if !isRunning { start() }
                if isRunning { progress.wait() } else { writeWaiting() }
            }
        }
        droppedAfterClose += 1
    }

    private func wakeThread() {
        isResting = false
        work.wakeOne()
    }

    private func start() {
        isRunning = WorkThread.start { self.run() }
        // Without a thread, whoever logs writes.
        if !isRunning { writeWaiting() }
    }

    private func run() {
        lock.lock()
        while true {
            if queue.isIdle {
                if isClosed || isRetired { break }
                isResting = true
                work.wait()
                isResting = false
            } else {
                writeWaiting()
            }
        }
        isRunning = false
        progress.wakeAll()
        lock.unlock()
    }

    /// Writes what waits, letting go of the lock meanwhile.
    private func writeWaiting() {
        while isWriting { progress.wait() }
        guard !queue.isIdle else { return }
        isWriting = true
        var batch = queue.take(leaving: spare ?? LineBlock())
        spare = nil
        lock.unlock()
        metrics.queued(lines: batch.lines.lineCount, bytes: batch.lines.byteCount)
        if batch.dropped > 0, batch.isGapBefore { say(batch.dropped) }
        batch.lines.write(to: destination)
        if batch.dropped > 0, !batch.isGapBefore { say(batch.dropped) }
        batch.lines.removeAll()
        lock.lock()
        spare = batch.lines
        departed += batch.departed
        if DestinationMetrics.isOn { reportRest() }
        isWriting = false
        progress.wakeAll()
    }

    /// Says how much waits, letting go of the lock meanwhile.
    private func reportRest() {
        let (lines, bytes) = (queue.waiting.lineCount, queue.waiting.byteCount)
        progress.wakeAll()
        lock.unlock()
        metrics.queued(lines: lines, bytes: bytes)
        lock.lock()
    }

    /// There is room again, and lines are missing.
    private func say(_ dropped: Int) {
        metrics.dropped(dropped)
        guard let notice else { return dropLine.withLock { $0 }.write(dropped) }
        notice.line(dropped: dropped).withByteView { line in
            line.withRawSpan { destination.write($0, level: .warning) }
        }
    }

    /// The layout of the lines that come here.
    func adopt(_ layout: any LogLayout) {
        dropLine.withLock { if !$0.layout.isEqual(to: layout) { $0 = DropLine(destination, layout) } }
    }

    func flush() {
        waitForAll(deadline: nil)
        destination.flush()
    }

    /// Waits until what was taken so far has left the queue.
    private func waitForAll(deadline: Int64?) {
        lock.lock()
        defer { lock.unlock() }
        let target = queue.taken
        while departed < target {
            if !isRunning, !isWriting {
                writeWaiting()
                continue
            }
            if isResting { wakeThread() }
            guard let deadline else {
                progress.wait()
                continue
            }
            let rest = deadline - SystemClock.monotonic()
            if rest <= 0 { return }
            progress.wait(nanoseconds: rest)
        }
    }

    /// Flushes, and ends the thread.
    func retire() {
        flush()
        lock.withLock {
            isRetired = true
            if isResting { wakeThread() }
        }
        (destination as? any RetirableDestination)?.retire()
    }

    func close() {
        lock.lock()
        isClosed = true
        if isResting { wakeThread() }
        progress.wakeAll()
        while isRunning || isWriting { progress.wait() }
        writeWaiting()
        lock.unlock()
        destination.close()
    }
}

extension QueueWriter: OpenDestination {
    func flushAtExit() {
        waitForAll(deadline: SystemClock.monotonic() + Self.patienceAtExit)
    }

    func lockBeforeFork() {
        metrics.lockBeforeFork()
        lock.lock()
        dropLine.lock()
    }

    func unlockAfterForkInParent() {
        dropLine.unlock()
        lock.unlock()
        metrics.unlockAfterForkInParent()
    }

    func unlockAfterForkInChild() {
        metrics.unlockAfterForkInChild()
        dropLine.unlockAfterFork { _ in }
        lock.reset()
        work.reset()
        progress.reset()
        droppedBeforeFork = ownDrops - droppedAfterClose
        queue = LineQueue(policy: queue.policy)
        spare = nil
        departed = 0
        isRunning = false
        isResting = false
        isWriting = false
    }
}
