// SPDX-License-Identifier: Apache-2.0

/// How one file stands, as `sluice status` tells it.
package struct FileReport: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case reading
        case waitingForLineEnd = "waiting_for_line_end"
        case atEnd = "at_end"
        /// For one of the open files to be closed.
        case waitingForTurn = "waiting_for_turn"
        case closed
        case failing
        /// The file is gone, and some output does not have all that was read of it.
        case gone
        /// A copy of another file, which is read there.
        case copy
        /// Nothing is read of it, and that is meant.
        case passedOver = "passed_over"
        /// There is more to read, and no agent that does.
        case waitingForAgent = "waiting_for_agent"

        /// For people.
        package var words: String { rawValue.split(separator: "_").joined(separator: " ") }
    }

    package var path: String
    package var state: State
    /// More about the state, in words.
    package var why = ""
    /// The input's name; nil if no input of a running agent has it.
    package var input: String?
    /// The identifier of the generation; nil before it has begun.
    package var generation: String?
    package var device: UInt64?
    package var inode: UInt64?
    /// In bytes, now.
    package var size: Int64?
    /// The first byte that has not been read.
    package var read: Int64 = 0
    /// By output, the first byte that it has not said yes to.
    package var acknowledged: [String: Int64] = [:]
    /// Nanoseconds since 1970: when the file was written to last, and read last.
    package var modified: Int64?
    package var lastRead: Int64?
    /// Nanoseconds since 1970 at which the first byte that is not acknowledged had been there already.
    package var unreadSince: Int64?
    /// Why lines of it may have arrived twice, or will.
    package var doubt: String?

    package init(path: String, state: State, why: String = "") {
        self.path = path
        self.state = state
        self.why = why
    }

    /// The first byte that some output has not said yes to.
    package var settled: Int64 { min(read, acknowledged.values.min() ?? read) }

    /// Bytes that some output has not said yes to.
    package var lag: Int64 {
        switch state {
        case .copy, .passedOver: 0
        default: max(0, max(size ?? 0, read) - settled)
        }
    }

    /// Orders the most lagging first; among equals, what fails.
    package static func isWorse(_ left: FileReport, _ right: FileReport) -> Bool {
        if left.lag != right.lag { return left.lag > right.lag }
        let (leftRank, rightRank) = (left.rank, right.rank)
        return leftRank != rightRank ? leftRank < rightRank : left.path < right.path
    }

    private var rank: Int {
        switch state {
        case .failing: 0
        case .gone: 1
        case .waitingForTurn, .waitingForAgent: 2
        case .reading, .waitingForLineEnd: 3
        case .copy: 4
        case .atEnd: 5
        case .closed, .passedOver: 6
        }
    }
}
