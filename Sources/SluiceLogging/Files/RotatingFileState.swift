// SPDX-License-Identifier: Apache-2.0

/// What changes about a rotating file, under its lock.
struct RotatingFileState {
    /// What happened during a write that others are told of.
    struct Events {
        var dropped = 0
        var rotations = 0
        var written = Written()

        @inline(__always) var isEmpty: Bool { dropped | rotations | written.lines | written.errors == 0 }
    }

    /// What was written, and how often that failed.
    struct Written {
        var lines = 0
        var bytes = 0
        var errors = 0

        @inline(__always)
        mutating func add(lines: Int, bytes: Int) {
            self.lines += lines
            self.bytes += bytes
        }
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
    /// Nobody should write to it any more; it is closed, and opened for each line that comes all the same.
    var isRetired = false
    private var reportedDrops = 0
    var rotations = 0
    /// Not told yet.
    var written = Written()
    /// What was written is told now and then, because a counter costs more than a line should.
    var isReportDue = false

    init(file: AppendingFile, isShared: Bool, nextCheck: Int64) {
        self.file = file
        self.isShared = isShared
        self.nextCheck = nextCheck
    }

    /// What happened since this was last asked.
    @inline(__always)
    mutating func takeEvents() -> Events {
        var events = Events(dropped: drops.total - reportedDrops, rotations: rotations)
        reportedDrops = drops.total
        rotations = 0
        if isReportDue { takeWritten(&events) }
        return events
    }

    private mutating func takeWritten(_ events: inout Events) {
        events.written = written
        written = Written()
        isReportDue = false
    }
}
