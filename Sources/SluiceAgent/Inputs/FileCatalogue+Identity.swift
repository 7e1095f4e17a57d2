// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

/// Which generation a file continues.
extension FileCatalogue {
    /// The generation that a file continues, or nil.
    func known(path: String, _ descriptor: Int32, _ status: FileStatus) -> Generation? {
        for row in index.rows(status.identity) where !openRows.contains(row) {
            if let generation = state.generation(row), continues(generation, descriptor, status) { return generation }
        }
        let directory = FilePattern.directory(of: path)
        for row in absent.map({ $0[directory] ?? [] }) ?? index.rows(directory: directory) {
            guard !openRows.contains(row), let entry = index.entries[row], isWithoutFile(row, entry),
                FilePattern.areFamily(entry.path, path), let generation = state.generation(row),
                generation.anchor != nil, generation.head.length > 0, continues(generation, descriptor, status),
                place(of: generation) == nil
            else { continue }
            return generation
        }
        return nil
    }

    /// Whether the file begins as the generation did, and still has what was read of it.
    func continues(_ generation: Generation, _ descriptor: Int32, _ status: FileStatus) -> Bool {
        guard status.size >= generation.resumeOffset(outputs: outputs), generation.head.matches(descriptor) else {
            return false
        }
        return generation.anchor?.matches(descriptor) ?? true
    }

    /// Where a generation's own file is, under its name or one of its family; nil if it is gone, or holds something newer.
    func place(of generation: Generation) -> String? {
        let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
        if index.newest(identity) != generation.row { return nil }
        return ([generation.path] + families.of(generation.path)).first { path in
            FileStatus(path: path)?.identity == identity
        }
    }

    /// Whether a file is a copy of one that is read, as copytruncate makes it: its lines are read there. After the
    /// truncation it continues what was read; if none comes, it is a file of its own.
    func isWaitingCopy(
        _ path: String,
        _ descriptor: Int32,
        _ status: FileStatus,
        _ monotonic: Int64
    ) -> Bool {
        // Whose copy it can be is known by its name.
        let originals = FileCopy.originals(ofName: path)
        let isCopy = originals.contains { original in
            index.rows(path: original).contains { row in
                guard let generation = state.generation(row), let place = place(of: generation) else { return false }
                return FileCopy.isName(path, ofCopyOf: place)
                    && FileCopy.isCopy(descriptor, size: status.size, of: place)
            }
        }
        if isCopy {
            let (isNew, waits) = copies.see(status, monotonic: monotonic)
            if isNew { logger.debug("waits: it is a copy of a file that is read", metadata: ["path": "\(path)"]) }
            return waits
        }
        // Until the reader has noticed a truncation, nobody knows what the copies beside it continue. It is looked for
        // last, because it may have come while they were compared.
        return originals.contains { original in
            guard let identity = occupants[original], let file = files[identity] else { return false }
            return file.path == original && file.hasLostItsContent
        }
    }
}
