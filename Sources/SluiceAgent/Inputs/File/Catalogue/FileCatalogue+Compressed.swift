// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceCompression

/// What becomes of compressed files: they are read to their end, and no further.
extension FileCatalogue {
    /// Lets go of a compressed file that has given what it had.
    func settleCompressed(_ file: TailedFile) {
        if let damage = file.content.damage {
            sayDamaged(file, damage)
        } else if !file.content.isComplete {
            // It is being made. Once, that is not waited for.
            if file.limit != .max { sayDamaged(file, .truncated) }
            return
        } else if file.hasOpenEvent {
            // Nothing follows that could end it.
            file.endsNow = true
            return
        } else if file.hasUnfinishedLine || file.content.sizeNow > file.position {
            // The line's end may be in a member that is added.
            return
        }
        if let status = file.content.status { noteFinished(file.generation.row, status, textSize: file.position) }
        release(file)
        countOpen()
    }

    func sayDamaged(_ file: TailedFile, _ error: GzipError) {
        complain(file.path, "\(error), so it is read up to there", metadata: ["offset": "\(file.position)"])
    }

    /// A compressed file was read to its end: it need not be decompressed again to know that.
    func noteFinished(_ row: Int64, _ status: FileStatus, textSize: Int64) {
        guard var marks = state.generation(row)?.marks else { return }
        marks.compressedSize = status.size
        marks.compressedModified = status.modified
        marks.textSize = textSize
        state.note(row, marks, isUrgent: true)
    }

    /// A file is known to have nothing new.
    func noteClosed(_ status: FileStatus, row: Int64, position: Int64, isFinished: Bool) {
        closed[status.identity] = ClosedFile(
            row: row,
            position: position,
            isFinished: isFinished,
            size: status.size,
            modified: status.modified
        )
    }

    /// Whether a file is being compressed that has too little yet to see what it was made of.
    func isBeginning(_ file: Candidate, monotonic: Int64) -> Bool {
        guard isWatching, file.content.isCompressed else { return false }
        let (size, isWhole) = file.content.extent(upTo: Int64(FileFingerprint.length), file.status)
        guard !isWhole, size < Int64(FileFingerprint.length) || isFollowingKnown(file) else { return false }
        let (isNew, waits) = copies.see(file.status, monotonic: monotonic)
        if isNew { logger.debug("waits: it is being compressed", metadata: ["path": "\(file.path)"]) }
        return waits
    }

    /// Whether all that a file has yet is the beginning of what was read of another, which has gone and is closed.
    private func isFollowingKnown(_ file: Candidate) -> Bool {
        relatives(of: file).contains { row in
            guard !openRows.contains(row), let generation = state.generation(row),
                place(of: generation, beside: file.path) == nil
            else {
                return false
            }
            let read = max(offset(of: generation), Self.anchors(of: generation).last?.end ?? 0)
            let (size, isWhole) = file.content.extent(upTo: read, file.status)
            return !isWhole && size < read
        }
    }
}
