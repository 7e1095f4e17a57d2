// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

/// What becomes of files that are read.
extension FileCatalogue {
    /// Whether another file has taken the file's name since it was last looked at, as after a rotation.
    func hasSuccessor(_ file: TailedFile) -> Bool {
        guard occupants[file.path] == file.identity, let status = FileStatus(path: file.path) else { return false }
        return status.identity != file.identity
    }

    func madeProgress(_ file: TailedFile) {
        file.growHead(state)
        index.note(file.generation.head, of: file.generation.row)
        noteMarks(of: file)
        if complaints.removeValue(forKey: file.path) != nil { countFailures() }
        closeAfterTime(file)
    }

    private func noteMarks(of file: TailedFile) {
        let generation = file.generation
        guard var marks = state.generation(generation.row)?.marks else { return }
        if marks.anchors.isEmpty {
            // Before it there may have been something that nobody saw.
            openCopies(of: nil, path: generation.path, except: generation.row, monotonic: SystemClock.monotonic())
        }
        marks.anchors = file.anchors.all
        // When it was compressed says nothing of when it was written to.
        if !file.content.isCompressed { marks.modified = file.lastModified }
        state.note(generation.row, marks)
    }

    /// The file was truncated, or written anew: what is left of the old content is looked for in a copy beside it, and
    /// the new content begins a generation.
    func replace(_ file: TailedFile, monotonic: Int64) {
        let old = file.generation
        let position = file.position
        let anchors = file.anchors.all
        guard let head = file.content.head(), let status = file.status else { return }
        handedOn[old.row] = position
        let generation = begin(path: old.path, status, head: head, offset: 0)
        counters.truncations.add(1, ordering: .relaxed)
        logger.info(
            "file was truncated or replaced: reading it from its beginning",
            metadata: ["path": "\(file.path)", "offset": "\(position)"]
        )
        openRows.remove(old.row)
        openRows.insert(generation.row)
        file.content.rewind()
        file.restart(generation: generation, source: source(of: generation))
        families = FileFamilies()
        openCopies(
            of: (state.generation(old.row) ?? old, anchors),
            path: old.path,
            except: generation.row,
            monotonic: monotonic
        )
        families = FileFamilies()
    }

    /// Copytruncate: a copy has the lines that were written between the last look and the truncation. Or it lacks those
    /// that were written after copying and have been read; then it has nothing new. Other copies that were made since
    /// have what came and went between two looks.
    ///
    /// - Parameters:
    ///   - old: the content that went, and by what it is known.
    ///   - path: of the original.
    ///   - row: of the content that came instead.
    func openCopies(
        of old: (generation: Generation, anchors: [FileFingerprint])?,
        path: String,
        except row: Int64,
        monotonic: Int64
    ) {
        let rows = index.rows(path: path).filter { $0 != row }
        if rows.isEmpty || options.identity == .path { return }
        // When the content was last known to be written to, by the clock of the file system.
        let since = rows.compactMap { state.generation($0)?.marks.modified }.max() ?? 0
        var isFound = false
        for sibling in FileFamilies.read(path) {
            guard let found = FileStatus(path: sibling), found.isRegular, found.size > 0, files[found.identity] == nil,
                closed[found.identity]?.isAsBefore(found) != true, let file = candidate(sibling)
            else { continue }
            if let old, old.generation.head.length > 0,
                let offset = resumption(of: old.generation, in: file, anchors: old.anchors, shortest: 0)
            {
                if !isFound { resume(old.generation, in: file, at: offset, monotonic: monotonic) }
                isFound = true
            } else if let (generation, offset) = known(file) {
                // Whatever was read to its end is left alone.
                let isAll = !file.content.isCompressed && offset >= file.status.size
                if !isAll { resume(generation, in: file, at: offset, monotonic: monotonic) }
            } else if since > 0, file.status.modified >= since, FileCopy.isRotated(sibling, from: path),
                !isWaitingCopy(file, monotonic: monotonic)
            {
                logger.debug("came and went between two looks", metadata: ["path": "\(sibling)"])
                beginAnew(file, name: finder.isWanted(sibling) ? sibling : path, monotonic)
            }
        }
    }

    func failed(_ file: TailedFile, code: Int32) {
        complain(file.path, unsafe "it cannot be read (\(String(cString: strerror(code))))")
        file.isFailing = true
    }
}
