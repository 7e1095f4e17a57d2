// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceBytes

/// What waits to be written in the background, and the decision about one more line: no locks, no waiting, no output.
package struct LineQueue {
    package enum Verdict {
        case taken
        /// The line is lost.
        case dropped
        /// The line can be offered again when there is room.
        case wait
    }

    let policy: QueuePolicy
    private(set) var waiting = LineBlock()
    /// Lines ever taken, those that were dropped later included.
    package private(set) var taken = 0
    /// Lines ever dropped.
    package private(set) var totalDropped = 0
    /// Lines dropped since the last notice, and where the notice belongs.
    private var dropped = 0
    private var isGapBeforeWaiting = false
    /// Lines that were taken and dropped since they were last asked for.
    private var displaced = 0

    package init(policy: QueuePolicy) { self.policy = policy }

    /// Takes the line, or drops it, or another.
    package mutating func offer(_ line: ByteView, _ level: Logger.Level) -> Verdict {
        while !waiting.isEmpty, isFull(for: line.count) {
            switch policy.overflow {
            case .block: return .wait
            case .dropNewest: return drop()
            case .dropBelow(let lowest): return level < lowest ? drop() : .wait
            case .dropOldest:
                waiting.removeFirst()
                _ = drop()
                displaced += 1
                isGapBeforeWaiting = true
            }
        }
        waiting.append(line, level)
        taken += 1
        return .taken
    }

    private func isFull(for bytes: Int) -> Bool {
        waiting.lineCount >= policy.maximumLines || waiting.byteCount + bytes > policy.maximumBytes
    }

    private mutating func drop() -> Verdict {
        dropped += 1
        totalDropped += 1
        return .dropped
    }

    /// What is to be written next.
    package struct Batch {
        package var lines: LineBlock
        /// Lines that were dropped since the last batch.
        package var dropped: Int
        /// Whether those came before `lines`, or after them.
        package var isGapBefore: Bool
        /// How many lines have left the queue with this batch, written or not.
        package var departed: Int
    }

    /// Hands over all that waits, and goes on with `empty`.
    package mutating func take(leaving empty: LineBlock) -> Batch {
        let batch = Batch(
            lines: waiting,
            dropped: dropped,
            isGapBefore: isGapBeforeWaiting,
            departed: waiting.lineCount + displaced
        )
        waiting = empty
        dropped = 0
        displaced = 0
        isGapBeforeWaiting = false
        return batch
    }

    package var isIdle: Bool { waiting.isEmpty && dropped == 0 }
}
