// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Synchronization

/// What is told of files to whoever asks.
extension FileCatalogue {
    /// How every file stands that is read, was read, or waits.
    ///
    /// - Parameter isHeldBack: reading stands still because the outputs do.
    func fileReports(isHeldBack: Bool) -> [FileReport] {
        let clock = Clock(now: SystemClock.now(), monotonic: SystemClock.monotonic())
        var reports: [FileReport] = []
        reports.reserveCapacity(files.count + closed.count + waiting.count)
        for file in files.values { reports.append(report(of: file, isHeldBack: isHeldBack, clock)) }
        var paths: [FileStatus.Identity: String] = [:]
        for (path, identity) in occupants { paths[identity] = path }
        for (identity, file) in closed where files[identity] == nil {
            let path = paths[identity] ?? index.entries[file.row]?.path ?? ""
            if !waitingPaths.contains(path) { reports.append(report(of: file, identity, path, clock)) }
        }
        for path in waitingPaths { reports.append(reportOfWaiting(path)) }
        let openPaths = Set(files.values.map(\.path))
        for (path, reason) in complaints where !openPaths.contains(path) {
            let isFailure = reason.hasPrefix("it cannot")
            var report = FileReport(path: path, state: isFailure ? .failing : .passedOver, why: reason)
            report.input = options.name
            reports.append(report)
        }
        for (path, identity) in occupants where present[identity] != nil {
            guard files[identity] == nil, closed[identity] == nil, !waitingPaths.contains(path),
                complaints[path] == nil
            else { continue }
            reports.append(reportOfUnread(path, identity))
        }
        return reports
    }

    /// One moment on both clocks.
    private struct Clock {
        var now: Int64
        var monotonic: Int64

        func wall(_ moment: Int64) -> Int64 { now - (monotonic - moment) }
    }

    private func report(of file: TailedFile, isHeldBack: Bool, _ clock: Clock) -> FileReport {
        let status = file.status
        // Of a compressed file it is only known how much text has been seen.
        let size = file.content.isCompressed ? file.lastSize : status?.size ?? file.lastSize
        file.sizes.note(size, at: clock.monotonic)
        var report = FileReport(path: file.path, state: .reading)
        if file.isFailing {
            report.state = .failing
            report.why = complaints[file.path] ?? ""
        } else if file.hasOpenEvent, size == file.lastSize {
            report.state = .waitingForLineEnd
            report.why = "the last event may go on"
        } else if size > file.position, file.isResting, size == file.lastSize {
            report.state = .waitingForLineEnd
            report.why = "the last line has no end yet"
        } else if size > file.position {
            report.why = isHeldBack ? "held back: the outputs do not take what was read" : ""
        } else {
            report.state = .atEnd
        }
        if file.isOrphaned, report.why.isEmpty {
            report.why = (status?.links ?? 0) == 0 ? "deleted, and still open" : "its name matches no pattern any more"
        }
        report.input = options.name
        report.size = size
        report.read = file.position
        report.modified = status?.modified
        // As long as it has given nothing, that is the moment at which it was opened.
        if file.turns > 0 { report.lastRead = clock.wall(file.lastProgress) }
        complete(&report, row: file.generation.row, identity: file.identity)
        if report.lag > 0 {
            let seen = file.sizes.moment(of: report.settled).map(clock.wall)
            // What was there when the agent came, has been there since the file was written to.
            report.unreadSince = [seen, report.modified].compactMap { $0 }.min()
        }
        return report
    }

    private func report(
        of file: ClosedFile,
        _ identity: FileStatus.Identity,
        _ path: String,
        _ clock: Clock
    ) -> FileReport {
        let isWhole = file.isFinished && path.hasSuffix(FileCompression.suffix)
        var report = FileReport(path: path, state: .closed, why: isWhole ? "read to its end" : "inactive")
        if present[identity] == nil {
            report.why =
                FileStatus(path: path)?.identity == identity ? "its name matches no pattern any more" : "renamed"
            if FileStatus(path: path) == nil { report.why = "renamed or removed" }
        } else if !file.isFinished {
            report.state = .waitingForTurn
            report.why = "as many files are open as may be (\(openLimit.count))"
        }
        report.input = options.name
        report.size = file.size
        report.read = file.position
        if file.modified > 0 { report.modified = file.modified }
        complete(&report, row: file.row, identity: identity)
        if report.lag > 0 { report.unreadSince = report.modified }
        return report
    }

    private func reportOfWaiting(_ path: String) -> FileReport {
        var report = FileReport(
            path: path,
            state: .waitingForTurn,
            why: "as many files are open as may be (\(openLimit.count))"
        )
        report.input = options.name
        guard let status = FileStatus(path: path) else { return report }
        report.size = status.size
        report.modified = status.modified
        let row = closed[status.identity]?.row ?? index.newest(status.identity)
        report.read = closed[status.identity]?.position ?? 0
        if let row {
            if closed[status.identity] == nil {
                report.read = state.generation(row)?.resumeOffset(outputs: outputs) ?? 0
            }
            complete(&report, row: row, identity: status.identity)
        } else {
            report.device = status.device
            report.inode = status.inode
        }
        if report.lag > 0 { report.unreadSince = status.modified }
        return report
    }

    /// A file that matches, and that nothing is read of.
    private func reportOfUnread(_ path: String, _ identity: FileStatus.Identity) -> FileReport {
        var report = FileReport(path: path, state: .passedOver)
        if copies.contains(identity) {
            report.state = .copy
            report.why = "what it has is read in the file that it is a copy of"
        } else if options.ignoreOlder > 0 {
            report.why = "it has not changed for longer than ignore_older"
        }
        report.input = options.name
        report.device = identity.device
        report.inode = identity.inode
        if let status = FileStatus(path: path) {
            report.size = status.size
            report.modified = status.modified
        }
        return report
    }

    /// Adds what state knows of the generation.
    private func complete(_ report: inout FileReport, row: Int64, identity: FileStatus.Identity) {
        report.device = identity.device
        report.inode = identity.inode
        report.doubt = doubts[row]
        guard let generation = state.generation(row) else { return }
        report.generation = generation.identifier
        for output in outputs { report.acknowledged[output] = generation.progress[output]?.contiguous }
    }

    // MARK: What is noted for it

    /// A path has another file than before, which may be a rotation.
    func noteRotation(_ path: String, _ status: FileStatus) {
        let isKnown = index.rows(path: path).contains { row in
            index.entries[row].map { $0.identity != status.identity } ?? false
        }
        if isKnown { counters.rotations.add(1, ordering: .relaxed) }
    }

    /// A generation has begun in a file that may hold what was read before.
    func noteDoubt(_ generation: Generation, _ file: Candidate) {
        if copies.contains(file.status.identity) {
            doubts[generation.row] =
                "it was a copy of a file that is read, and nobody truncated that: read as a new file"
            return
        }
        guard file.status.size > 0 else { return }
        let alike = index.rows(file.status.identity).lazy.filter { $0 != generation.row }.compactMap {
            self.state.generation($0)
        }
        .first { $0.head.length > 0 && file.content.matches($0.head) }
        if alike != nil {
            doubts[generation.row] = "it begins as before, but what was read last is not there: read from its beginning"
        }
    }
}
