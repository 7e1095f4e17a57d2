// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that starts anew when it has reached a size, or by the clock, and keeps some of its predecessors.
///
/// `app.log` becomes `app.log.1`, what was `app.log.1` becomes `app.log.2`, and so on; or it becomes
/// `app.log.2026-11-22`. ``RotationPolicy`` says when and how, ``RetentionPolicy`` what is kept, ``CompressionPolicy``
/// what is compressed. As with Python's `RotatingFileHandler`, the file is changed before the line that would bring it
/// to its limit, and a file that is empty takes any line.
///
/// - **What is acknowledged:** when a write has returned, its line is with the operating system, so that it survives
///   the process's end, however sudden, unless it is counted in ``droppedLines``. ``SyncPolicy`` says what survives a
///   power failure. ``WritingMode`` has modes that cost less and promise less.
/// - Several processes may write to one file, if all of them open it: each line is appended in one `write(2)`, and they
///   rotate it one at a time. Opening it takes a sixth of a second if others have it open. After a rotation by another
///   process, lines go to the old file for up to a tenth of a second; none is lost, and a file is not compressed while a
///   process has it open.
/// - A restart carries on with the file, its size and its time. A last line that broke off in a crash is ended first.
/// - If the file is moved away or removed, a new one is opened under the name within a tenth of a second, or at once by
///   ``reopen()`` or ``HangupSignal``. If it is cut, it is taken at its new size.
/// - If a line cannot be written (a full disk, a removed directory), it is dropped whole and counted, that is said once
///   on the standard error, and the next line is tried again.
/// - A forked process opens the file for itself at its first line.
public final class RotatingFile: LogDestination {
    /// The file's absolute path.
    public let path: String
    /// When the file is changed for a new one.
    public let rotation: RotationPolicy
    /// Which old files are kept.
    public let retention: RetentionPolicy
    /// How old files are compressed; nil if they are not.
    public let compression: CompressionPolicy?
    /// When the content is made to outlive the machine.
    public let sync: SyncPolicy

    /// How often it is looked whether the file is still there, and how often what went wrong is tried again.
    let checkInterval: Int64
    let directory: RotationDirectory
    let state: GuardedState<RotatingFileState>
    private let compressor: FileCompressor?
    private let syncing = LazyTask()
    private let metrics: DestinationMetrics

    /// Opens the file, or makes it and the directories it lies in.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path counts from the current directory of now.
    ///   - rotation: when it is changed for a new one; by default at 10 MiB.
    ///   - retention: which old files are kept; by default ten.
    ///   - compression: how old files are compressed; by default they are not.
    ///   - sync: when the content is made to outlive the machine; by default when the system thinks fit.
    public convenience init(
        path: String,
        rotation: RotationPolicy = RotationPolicy(),
        retention: RetentionPolicy = RetentionPolicy(),
        compression: CompressionPolicy? = nil,
        sync: SyncPolicy = .never
    ) throws(SystemError) {
        try self.init(
            path: path,
            rotation: rotation,
            retention: retention,
            compression: compression,
            sync: sync,
            checkInterval: 100_000_000
        )
    }

    /// The same by size alone, under the names that Python's `RotatingFileHandler` has.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path counts from the current directory of now.
    ///   - maximumBytes: the size that a file does not reach; 0 for no limit.
    ///   - backupCount: how many predecessors are kept; with 0 the file is never changed.
    public convenience init(path: String, maximumBytes: Int, backupCount: Int = 10) throws(SystemError) {
        try self.init(
            path: path,
            rotation: RotationPolicy(maximumBytes: maximumBytes),
            retention: RetentionPolicy(maximumCount: backupCount)
        )
    }

    /// - Parameter checkInterval: nanoseconds; 0 looks before every line.
    package init(
        path: String,
        rotation: RotationPolicy = RotationPolicy(),
        retention: RetentionPolicy = RetentionPolicy(),
        compression: CompressionPolicy? = nil,
        sync: SyncPolicy = .never,
        checkInterval: Int64
    ) throws(SystemError) {
        _ = StandardStream.ignoresFatalSignals
        let absolute = try Self.absolute(path)
        self.path = absolute
        self.rotation = rotation
        self.retention = retention
        self.compression = compression
        self.sync = sync
        self.checkInterval = checkInterval
        directory = RotationDirectory(path: absolute, naming: rotation.naming)
        metrics = DestinationMetrics(name: absolute)
        var file = try AppendingFile(path: absolute)
        let isShared = !file.isAlone()
        if isShared {
            file.beginSharing(path: absolute)
            // The others are to know of us before we write. They look every tenth of a second.
            usleep(150_000)
        }
        state = GuardedState(
            RotatingFileState(
                file: file,
                isShared: isShared,
                nextCheck: SystemClock.coarseMonotonic() + checkInterval
            )
        )
        compressor = compression.map { [directory] in FileCompressor(directory: directory, policy: $0) }
        state.withLock { $0.scheduled = nextChange(of: file) }
        FileCompressor.removePartial(in: directory)
        if isRotated, let lock = RotationLock(directory: directory.directory) {
            removeExcess()
            lock.release()
        }
        compressor?.start()
        if case .interval(let interval) = sync {
            syncing.set(interval: interval) { [weak self] in self?.syncWhatIsDue() }
        }
        OpenDestinations.add(self)
    }

    deinit { close() }

    private static func absolute(_ path: String) throws(SystemError) -> String {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw SystemError("open", path: "a path that is empty or has a NUL", code: EINVAL)
        }
        if path.hasPrefix("/") { return path }
        guard let directory = unsafe getcwd(nil, 0) else {
            throw SystemError("find the current directory of", path: path)
        }
        defer { unsafe free(directory) }
        return unsafe String(cString: directory) + "/" + path
    }

    /// Lines that could not be written.
    public var droppedLines: Int { state.withLock { $0.drops.total } }

    /// How often lines were synced.
    package var syncCount: Int { state.withLock { $0.syncs } }

    /// Appends the line, to a new file if it is time for one.
    public func write(_ line: RawSpan, level: Logger.Level) {
        line.withByteView { line in
            let events = state.withLock { state in
                append(line, count: 1, level: level, &state)
                return state.takeEvents()
            }
            report(events)
        }
    }

    /// Appends the lines, with as few writes as files take them.
    public func write(_ lines: RawSpan, levels: Span<Logger.Level>) {
        guard levels.count > 0 else { return }
        var highest = levels[0]
        for index in 1..<max(1, levels.count) where levels[index] > highest { highest = levels[index] }
        lines.withByteView { lines in
            let events = state.withLock { state in
                append(lines, count: levels.count, level: highest, &state)
                return state.takeEvents()
            }
            report(events)
        }
    }

    /// Outside of the lock, because metrics are other people's code.
    @inline(__always)
    func report(_ events: RotatingFileState.Events) {
        if events.isEmpty { return }
        if events.dropped > 0 { metrics.dropped(events.dropped) }
        metrics.wrote(lines: events.written.lines, bytes: events.written.bytes, errors: events.written.errors)
        if events.rotations > 0 {
            metrics.rotated(events.rotations)
            compressor?.start()
        }
    }

    /// Lets go of the file and opens the one that has its name now, as after a rotation by someone else.
    public func reopen() {
        state.withLock { state in
            guard !state.isClosed, !state.isRetired else { return }
            reopen(&state)
        }
    }

    /// Nothing is held back: only swift-metrics hears of what was written.
    public func flush() { reportAll() }

    private func reportAll() {
        let events = state.withLock { state in
            state.isReportDue = true
            return state.takeEvents()
        }
        report(events)
    }

    /// Closes the file. Lines that come later are dropped and counted.
    public func close() {
        syncing.stop()
        state.withLock { state in
            if sync != .never { _ = state.file?.sync() }
            state.file?.close()
            state.file = nil
            state.isClosed = true
        }
        reportAll()
    }

    /// Syncs without holding up who writes.
    private func syncWhatIsDue() {
        let copy: Int32? = state.withLock { state in
            guard state.isUnsynced else { return nil }
            state.isUnsynced = false
            state.syncs += 1
            return state.file?.duplicate()
        }
        guard let copy else { return }
        let code = AppendingFile.sync(copy)
        _ = systemClose(copy)
        if let code { state.withLock { complainAboutSync(code, &$0) } }
    }

    /// Starts what runs beside, if it does not run yet.
    func startTasks() { syncing.start() }
}

extension RotatingFile: OpenDestination {
    func flushAtExit() {
        state.withLock { state in
            if state.isUnsynced { _ = state.file?.sync() }
            state.isUnsynced = false
        }
    }

    func lockBeforeFork() {
        metrics.lockBeforeFork()
        state.lock()
    }

    func unlockAfterForkInParent() {
        state.withLockTaken { state in
            if !state.isClosed { state.file?.beginSharing(path: path) }
            state.isShared = true
            state.timesAlone = 0
        }
        state.unlock()
        metrics.unlockAfterForkInParent()
    }

    func unlockAfterForkInChild() {
        metrics.unlockAfterForkInChild()
        compressor?.resetAfterFork()
        syncing.resetAfterFork()
        state.unlockAfterFork { state in
            // The parent's descriptor has one position and one lock for both.
            state.mustReopen = true
            state.isShared = true
            state.timesAlone = 0
            state.nextCheck = .min
            // The parent tells of these.
            state.written = RotatingFileState.Written()
        }
    }
}

extension RotatingFile: RetirableDestination {
    func retire() {
        syncing.stop()
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isRetired = true
            if sync != .never { _ = state.file?.sync() }
            state.file?.close()
            state.file = nil
        }
        reportAll()
    }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
