// SPDX-License-Identifier: Apache-2.0

import Logging

/// When files are closed before their time, and generations forgotten.
extension FileCatalogue {
    /// Whether the options want a file closed that has nothing more to read.
    func mustClose(_ file: TailedFile) -> Bool {
        if file.limit != .max { return false }
        if options.closeAtEnd { return true }
        return options.closeRenamed && (file.isRenamed || file.isOrphaned) && !file.isDeleted
    }

    /// Closes a file that has been open for long enough. What it has left is read when it is opened again.
    func closeAfterTime(_ file: TailedFile) {
        guard options.closeTimeout > 0, file.limit == .max,
            SystemClock.monotonic() - file.opened > options.closeTimeout
        else { return }
        release(file)
        isLookDue = true
        countOpen()
    }

    /// Forgets the generations whose files have been gone for long enough, and those that nobody has written to for so
    /// long that their files are ignored.
    func clean(monotonic: Int64) {
        let rows = Set(rowsWithoutFile)
        goneSince = goneSince.filter { rows.contains($0.key) }
        if options.cleanRemoved {
            for row in rows.subtracting(openRows) {
                guard let since = goneSince[row] else {
                    goneSince[row] = monotonic
                    continue
                }
                guard monotonic - since >= options.cleanRemovedAfter else { continue }
                goneSince[row] = monotonic
                if let generation = state.generation(row), isMine(generation.path), isDone(generation),
                    place(of: generation) == nil, !mayBeElsewhere(generation)
                {
                    forget(generation)
                }
            }
        }
        guard options.cleanInactive > 0 else { return }
        let oldest = SystemClock.now() - options.cleanInactive
        for (row, entry) in index.entries where !openRows.contains(row) && isMine(entry.path) {
            guard let generation = state.generation(row), generation.marks.modified > 0,
                generation.marks.modified < oldest, isDone(generation)
            else { continue }
            // A file that has been written to since has more to be read; one that is ignored is not read anew.
            if let place = place(of: generation), let status = FileStatus(path: place),
                status.modified >= oldest || closed[status.identity]?.isAsBefore(status) != true
            {
                continue
            }
            forget(generation)
        }
    }

    /// Whether all outputs have said yes to all that was read.
    private func isDone(_ generation: Generation) -> Bool {
        let end = max(handedOn[generation.row] ?? 0, generation.anchor?.end ?? 0)
        return generation.underWay.isEmpty
            && outputs.allSatisfy { (generation.progress[$0]?.contiguous ?? end) >= end }
    }

    /// Whether a file that rotation made may have the content: one that was not written before it, and that is not known
    /// to have another.
    func mayBeElsewhere(_ generation: Generation) -> Bool {
        families.of(generation.path).contains { path in
            guard FileCopy.isRotated(path, from: generation.path), let status = FileStatus(path: path) else {
                return false
            }
            return index.newest(status.identity) == nil && status.modified >= generation.marks.modified
        }
    }

    private func forget(_ generation: Generation) {
        logger.debug("forgets a file", metadata: ["path": "\(generation.path)"])
        state.remove(generation.row)
        index.remove(generation.row)
        handedOn[generation.row] = nil
        goneSince[generation.row] = nil
    }
}
