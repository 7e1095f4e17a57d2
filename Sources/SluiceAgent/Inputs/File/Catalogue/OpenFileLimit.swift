// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization

/// How many files an input may have open.
package struct OpenFileLimit {
    /// The inputs of this process, which share what it may have open.
    private static let inputs = Atomic(0)

    /// One more input opens files, until `leave`.
    static func enter() { inputs.add(1, ordering: .relaxed) }
    static func leave() { inputs.subtract(1, ordering: .relaxed) }

    /// What `raise` has made of the process's limit, and by how much that is more.
    private static let raised = Atomic(0)
    private static let spare = Atomic(0)
    private static let wantedSpare = 1024

    /// Raises the process's limit, as far as that is allowed, by what files do not get: connections and the runtime's
    /// threads find a descriptor also while files have all of theirs. Called once, at the start.
    package static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let (soft, hard) = (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max))
        let wanted = min(hard, soft.addingReportingOverflow(wantedSpare).overflow ? hard : soft + wantedSpare)
        guard wanted > soft else { return }
        limit.rlim_cur = rlim_t(wanted)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        spare.store(wanted - soft, ordering: .relaxed)
        raised.store(wanted, ordering: .relaxed)
    }

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
        var allowed = isKnown ? Int(clamping: limit.rlim_cur) : 1024
        if allowed == Self.raised.load(ordering: .relaxed) { allowed -= Self.spare.load(ordering: .relaxed) }
        let share = max(allowed - Self.reserve, allowed / 4) / max(1, Self.inputs.load(ordering: .relaxed))
        count = max(1, min(wanted, refused, share))
    }

    /// What was refused may be granted now.
    mutating func retry() {
        refused = .max
        refresh()
    }

    /// The system has refused one more than these. Connections, databases and the runtime's threads need some, too: where
    /// there is none, libdispatch ends the process.
    mutating func lower(to count: Int, _ logger: Logger) {
        refused = max(1, min(refused, count - count / 8))
        self.count = min(self.count, refused)
        if isSaid { return }
        isSaid = true
        logger.warning(
            "no more files can be opened, so they are read in turns: raise the limit (LimitNOFILE of the service, ulimit -n)",
            metadata: ["open": "\(count)"]
        )
    }
}
