// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization

/// How many files an input may have open.
struct OpenFileLimit {
    /// The inputs of this process, which share what it may have open.
    private static let inputs = Atomic(0)

    /// One more input opens files, until `leave`.
    static func enter() { inputs.add(1, ordering: .relaxed) }
    static func leave() { inputs.subtract(1, ordering: .relaxed) }

    /// So many turns has a busy file had that makes room for others.
    static let turns = 64
    /// For databases, connections and what else a process opens.
    private static let reserve = 64

    private(set) var count = 1
    private let wanted: Int
    /// What the system refused at last; its answer to how many may be open can be too large.
    private var refused = Int.max
    private var isSaid = false

    /// - Parameter wanted: `harvester_limit`; 0 for as many as the process may have.
    init(wanted: Int) {
        self.wanted = wanted > 0 ? wanted : .max
        refresh()
    }

    /// Asks the system again, which can change its mind.
    mutating func refresh() {
        var limit = rlimit()
        let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        let allowed = isKnown ? Int(clamping: limit.rlim_cur) : 1024
        let share = max(allowed - Self.reserve, allowed / 4) / max(1, Self.inputs.load(ordering: .relaxed))
        count = max(1, min(wanted, refused, share))
    }

    /// What was refused may be granted now.
    mutating func retry() {
        refused = .max
        refresh()
    }

    /// The system has refused one more.
    mutating func lower(to count: Int, _ logger: Logger) {
        refused = max(1, min(refused, count))
        self.count = min(self.count, refused)
        if isSaid { return }
        isSaid = true
        logger.warning(
            "no more files can be opened, so they are read in turns: raise the limit (LimitNOFILE of the service, ulimit -n)",
            metadata: ["open": "\(count)"]
        )
    }
}
