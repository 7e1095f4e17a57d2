// SPDX-License-Identifier: Apache-2.0

/// What changes about a rotating file, under its lock.
struct RotatingFileState {
    /// What happened during a write that others are told of.
    struct Events {
        var dropped = 0
        var rotations = 0

        @inline(__always) var isEmpty: Bool { dropped | rotations == 0 }
    }

    /// Nil if it could not be opened again, and after `close`.
    var file: AppendingFile?
    var openingError: SystemError?
    var drops = DropRecord()
    /// When it is looked at again, on the monotonic clock.
    var nextCheck: Int64
    /// After trouble with rotation: when it is tried again.
    var nextAttempt = Int64.min
    /// When the file is changed by the clock, in nanoseconds since 1970-01-01T00:00:00Z.
    var scheduled = Int64.max
    /// How many hangup signals have been heeded.
    var hangups = HangupSignal.count
    /// The process was forked: the descriptor is the parent's.
    var mustReopen = false
    /// Other processes write to the file, or did so a moment ago.
    var isShared = false
    /// How often in a row no other process was seen.
    var timesAlone = 0
    /// Lines have been written since the last sync.
    var isUnsynced = false
    /// How often lines were synced.
    var syncs = 0
    /// Lines are written, but not where or as they should be.
    var isDegraded = false
    var isClosed = false
    private var reportedDrops = 0
    var rotations = 0

    init(file: AppendingFile, isShared: Bool, nextCheck: Int64) {
        self.file = file
        self.isShared = isShared
        self.nextCheck = nextCheck
    }

    /// What happened since this was last asked.
    @inline(__always)
    mutating func takeEvents() -> Events {
        let events = Events(dropped: drops.total - reportedDrops, rotations: rotations)
        reportedDrops = drops.total
        rotations = 0
        return events
    }
}
