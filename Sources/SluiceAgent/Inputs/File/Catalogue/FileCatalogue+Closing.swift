// SPDX-License-Identifier: Apache-2.0

import Logging

/// How files are let go.
extension FileCatalogue {
    /// Lets go of a file that is read to its end and has no name any more.
    func settle(_ file: TailedFile) {
        if file.content.isCompressed { return settleCompressed(file) }
        if mustClose(file) {
            release(file)
            countOpen()
            return
        }
        guard options.closeRemoved else { return }
        guard file.isOrphaned, file.isResting, file.isDeleted, file.isHandedOn else { return }
        release(file)
        countOpen()
    }

    /// Lets go of what has been given nothing for too long, and of deleted files that have nothing more.
    func closeFinished(monotonic: Int64) {
        defer { countOpen() }
        for file in Array(files.values) where file.isResting {
            if file.content.isCompressed, file.content.isComplete {
                settleCompressed(file)
                if file.isClosed { continue }
            }
            let isInactive = monotonic - file.lastProgress > options.closeInactive
            guard file.isOrphaned, file.isDeleted else {
                // An event that has begun is ended by what comes after it, or by a successor. While reading stands still,
                // what the file had at the last turn is not what it has now.
                if isInactive, file.sizeNow == file.lastSize, !file.hasOpenEvent {
                    if file.content.isCompressed, !file.content.isComplete { sayDamaged(file, .truncated) }
                    release(file)
                }
                continue
            }
            if file.isHandedOn {
                if options.closeRemoved || isInactive { release(file) }
            } else if isInactive, file.hasOpenEvent {
                file.endsNow = true
            } else if isInactive, file.waitsForLineEnd {
                // Whoever has it open still may end the line; but kept for ever, the file would fill the disk.
                logger.warning(
                    "a deleted file is let go: its last line never got an end",
                    metadata: ["path": "\(file.path)", "offset": "\(file.position)", "bytes": "\(file.lag)"]
                )
                release(file)
            }
        }
    }

    func release(_ file: TailedFile) {
        endEventsOfPredecessor(file)
        if !file.handedOnBeyond.isEmpty { handedOnBeyond[file.generation.row] = file.handedOnBeyond }
        // A deleted file's inode will be another's.
        if let status = file.status, status.links > 0 {
            closed[file.identity] = ClosedFile(
                row: file.generation.row,
                position: file.position,
                isFinished: (file.isResting || file.isAtLimit) && !file.hasOpenEvent,
                size: file.lastFileSize,
                modified: status.size == file.lastFileSize ? status.modified : 0
            )
        }
        handedOn[file.generation.row] = file.position
        if let name = file.watchName, names[name] === file { names[name] = nil }
        files[file.identity] = nil
        openRows.remove(file.generation.row)
        openFamilies.remove(file)
        file.letGo()
    }

    /// Closes files that rest, those first that have rested longest.
    ///
    /// - Returns: whether there is room for one more.
    func makeRoom(monotonic: Int64) -> Bool {
        // To find out takes a look at all of them.
        if fullAt == monotonic { return false }
        let resting = files.values.filter { $0.isResting || $0.isAtLimit }
            .sorted { ($0.hasOpenEvent ? 1 : 0, $0.lastProgress) < ($1.hasOpenEvent ? 1 : 0, $1.lastProgress) }
        // Several at once, so that the next need not look through all of them again.
        let excess = files.count - openLimit.count + max(1, openLimit.count / 8)
        for file in resting.prefix(max(0, excess)) { release(file) }
        let hasRoom = files.count < openLimit.count
        if !hasRoom { fullAt = monotonic }
        return hasRoom
    }

    /// Whether some file waits to be opened.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Lets a file wait, once however often it is found meanwhile.
    func postpone(_ path: String, name: String, isFirst: Bool) {
        if waitingPaths.insert(path).inserted { waiting.append((path, name, isFirst)) }
    }

    /// Opens files that had to wait, if there is room.
    func openWaiting(monotonic: Int64) {
        guard !waiting.isEmpty else { return }
        if files.count >= openLimit.count { makeRoomAmongBusy(monotonic: monotonic) }
        var left = max(0, openLimit.count - files.count)
        guard left > 0 else { return }
        let now = waiting.prefix(left)
        waiting.removeFirst(now.count)
        for file in now { waitingPaths.remove(file.path) }
        for file in now {
            guard left > 0 else {
                postpone(file.path, name: file.name, isFirst: file.isFirst)
                continue
            }
            guard let status = FileStatus(path: file.path) else {
                openCompressed(file.path, name: file.name, isFirst: file.isFirst, monotonic: monotonic)
                continue
            }
            guard status.isRegular else { continue }
            if files[status.identity] != nil || closed[status.identity]?.isAsBefore(status) == true { continue }
            open(file.path, status, name: file.name, isFirst: file.isFirst, monotonic: monotonic)
            left -= 1
        }
        families = FileFamilies()
        countOpen()
    }

    /// Where all are busy, those that have had many turns make room for those that wait, and wait themselves.
    func makeRoomAmongBusy(monotonic: Int64) {
        if makeRoom(monotonic: monotonic) { return }
        let busy = files.values.filter { $0.turns >= OpenFileLimit.turns }.sorted { $0.turns > $1.turns }
        for file in busy.prefix(max(1, openLimit.count / 8)) where !file.isOrphaned {
            postpone(file.path, name: file.generation.path, isFirst: false)
            release(file)
        }
    }

    func closeAll() {
        for file in files.values { file.letGo() }
        files = [:]
        openFamilies = OpenFamilies()
        names = [:]
    }

    func countOpen() { counters.openFiles.store(files.count, ordering: .relaxed) }
}
