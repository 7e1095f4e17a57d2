// SPDX-License-Identifier: Apache-2.0

/// What has changed in memory and not been committed yet.
struct StateChanges {
    /// Rows that have to be written anew: the generation itself.
    var generations: Set<Int64> = []
    /// Rows whose progress has changed, by output.
    var progress: [Int64: Set<String>] = [:]
    var begun: [(row: Int64, underWay: Generation.UnderWay)] = []
    var ended: [(row: Int64, start: Int64)] = []
    var forced: [(row: Int64, range: Range<Int64>)] = []
    var unforced: [(row: Int64, range: Range<Int64>)] = []
    var removed: [Int64] = []
    /// Rows whose marks have changed: written with what is written anyway.
    var marks: Set<Int64> = []
    var deadLetters: [DeadLetter] = []
    /// What was put into queues, and what of them is done with.
    var queues = QueueChanges()
    /// The newest batch among `begun`.
    var sequence: UInt64?

    /// Whether somebody waits for them.
    var isUrgent: Bool { sequence != nil || !queues.parts.isEmpty }

    var isEmpty: Bool {
        generations.isEmpty && progress.isEmpty && begun.isEmpty && ended.isEmpty && removed.isEmpty
            && deadLetters.isEmpty && queues.isEmpty && sequence == nil && forced.isEmpty && unforced.isEmpty
    }
}
