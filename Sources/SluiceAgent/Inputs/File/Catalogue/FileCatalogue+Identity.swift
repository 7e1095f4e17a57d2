// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

/// Which generation a file continues.
extension FileCatalogue {
    /// The head or the anchor that a shorter copy is known by has to be so long, in bytes, where nobody saw the truncation.
    private static let anchorOfCopy = 256

    /// A file that is open, to see what it holds.
    struct Candidate {
        var path: String
        var content: FileContent
        var status: FileStatus
    }

    /// The generation that a file continues, and where; or nil.
    func known(_ file: Candidate) -> (generation: Generation, offset: Int64)? {
        if options.identity == .path { return knownByPath(file) }
        for row in index.rows(file.status.identity) where !openRows.contains(row) {
            // Where nothing is known of the content, the inode alone says nothing: it may have gone to another folder.
            if let generation = state.generation(row),
                generation.head.length > 0 || FilePattern.areFamily(generation.path, file.path),
                let offset = resumption(of: generation, in: file)
            {
                return (generation, offset)
            }
        }
        if options.identity == .native { return nil }
        // What rotation makes of a file has a name that begins with its own. Where the file was a moment ago says nothing.
        for original in [file.path] + FileCopy.originals(ofName: file.path).reversed() {
            for row in index.rows(path: original).reversed() where !openRows.contains(row) {
                if let found = departed(row, file) { return found }
            }
        }
        for row in relatives(of: file) where !openRows.contains(row) {
            // What is made of a file that goes at once is met before it is told that the file has gone: whether it has is
            // looked at then, and not what is known of it.
            guard let entry = index.entries[row], file.content.isCompressed || isWithoutFile(row, entry),
                let found = departed(row, file)
            else { continue }
            return found
        }
        return nil
    }

    /// Generations that a file begins like, and whose names rotation can have led to its own, or the other way: the
    /// newest first. Looked for by content, because a directory can have any number of names of one kind.
    func relatives(of file: Candidate) -> [Int64] {
        guard let beginning = file.content.beginning() else { return [] }
        return index.rows(beginning: beginning.view).filter { row in
            index.entries[row].map { FileCopy.areRelated($0.path, file.path) } ?? false
        }
    }

    /// A generation that goes on in a file because its own has gone.
    private func departed(_ row: Int64, _ file: Candidate) -> (generation: Generation, offset: Int64)? {
        // What was read a moment ago may not have been handed on yet: then only its marks are known.
        guard let generation = state.generation(row), !Self.anchors(of: generation).isEmpty, generation.head.length > 0,
            let offset = resumption(of: generation, in: file), place(of: generation, beside: file.path) == nil
        else { return nil }
        return (generation, offset)
    }

    /// Whatever stands under the path, unless it has become shorter.
    private func knownByPath(_ file: Candidate) -> (generation: Generation, offset: Int64)? {
        guard let row = index.rows(path: file.path).last, !openRows.contains(row),
            let generation = state.generation(row)
        else { return nil }
        let offset = self.offset(of: generation)
        return file.content.extent(upTo: offset, file.status).size >= offset ? (generation, offset) : nil
    }

    /// Where reading goes on: what this process has handed on is not handed on again.
    func offset(of generation: Generation) -> Int64 {
        max(generation.resumeOffset(outputs: outputs), handedOn[generation.row] ?? 0)
    }

    /// Where reading goes on in a file that begins as the generation did and still has what was read of it; nil if it has
    /// not.
    ///
    /// A copy that was made before the last of it was written has less.
    ///
    /// - Parameters:
    ///   - anchors: by which it is known, those that state has unless others are known.
    ///   - shortest: the length of the head or an anchor that is enough for a shorter copy.
    func resumption(
        of generation: Generation,
        in file: Candidate,
        anchors: [FileFingerprint]? = nil,
        shortest: Int = FileCatalogue.anchorOfCopy
    ) -> Int64? {
        let offset = self.offset(of: generation)
        if options.identity == .native, !file.content.isCompressed {
            return file.status.size >= offset ? offset : nil
        }
        let anchors = anchors ?? Self.anchors(of: generation)
        // Most files are told apart by this, and compressed ones need not be read farther.
        let beginning = generation.head
        if file.content.extent(upTo: Int64(beginning.length), file.status).size >= Int64(beginning.length),
            !file.content.matches(beginning)
        {
            return nil
        }
        let (size, isWhole) = file.content.extent(upTo: max(anchors.last?.end ?? 0, offset), file.status)
        if size >= max(offset, anchors.last?.end ?? 0, Int64(generation.head.length)) {
            return anchors.last.map { file.content.matches($0) } ?? true ? offset : nil
        }
        let isItsOwn = generation.device == file.status.device && generation.inode == file.status.inode
        let head = size >= Int64(generation.head.length) ? generation.head.length : 0
        guard isWhole, size > 0, FileCopy.isName(file.path, ofCopyOf: generation.path),
            let anchor = anchors.last(where: { $0.end <= size }), isItsOwn || max(anchor.length, head) >= shortest,
            file.content.matches(anchor)
        else { return nil }
        return min(offset, size)
    }

    /// Those that may be compared, in the order of their ends.
    static func anchors(of generation: Generation) -> [FileFingerprint] {
        guard let anchor = generation.anchor else { return generation.marks.anchors }
        return generation.marks.anchors.filter { $0.end < anchor.end } + [anchor]
            + generation.marks.anchors.filter { $0.end > anchor.end }
    }

    /// Where a generation's own file is, under its name, one of its family or the one that rotation has given it since; nil
    /// if it is gone, or holds something newer.
    ///
    /// - Parameter copy: the name of what may be a copy of it: it can stand under what that begins with.
    func place(of generation: Generation, beside copy: String? = nil) -> String? {
        let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
        if index.newest(identity) != generation.row { return nil }
        func isThere(_ path: String) -> Bool {
            // The copy itself can have been given the inode.
            guard path != copy, let status = FileStatus(path: path), status.identity == identity else { return false }
            // The inode can be another file's by now that was not met yet, as that of a compressed one that has only begun.
            if generation.head.length == 0 { return true }
            guard let file = candidate(path) else { return status.size > 0 }
            return file.content.matches(generation.head)
        }
        // Most are where they were.
        if isThere(generation.path) { return generation.path }
        if let path = families.of(generation.path).first(where: isThere) { return path }
        let originals = copy.map { copy in
            FileCopy.originals(ofName: copy).filter { FileCopy.hasSuffix(copy, after: $0) }
        }
        return ([present[identity]].compactMap(\.self) + (originals ?? []))
            .first { FileCopy.areRelated(generation.path, $0) && isThere($0) }
    }

    /// Whether a file is a copy of one that is open, was met under another rotated name, and has gone from there.
    private func isCopyOfDeparted(_ file: Candidate) -> Bool {
        let bases = FileCopy.bases(ofName: file.path)
        if bases.isEmpty { return false }
        return relatives(of: file).contains { row in
            guard openRows.contains(row), let entry = index.entries[row], let other = files[entry.identity],
                bases.contains(where: { FileCopy.isRotated(entry.path, from: $0) })
            else { return false }
            // Files that begin alike are no copies of one another while both have names; compressed ones may be.
            return other.isDeleted
                || (file.content.isCompressed && FileStatus(path: entry.path)?.identity != entry.identity)
        }
    }

    /// Whether a file is a copy of one that is read, as copytruncate and compressing make it: its lines are read there.
    /// After the truncation it continues what was read; if none comes, it is a file of its own.
    func isWaitingCopy(_ file: Candidate, monotonic: Int64) -> Bool {
        // Whose copy it can be is known by its name, and by what stands under the names that it begins with.
        let originals = FileCopy.originals(ofName: file.path)
        let beside = originals.filter { FileCopy.hasSuffix(file.path, after: $0) }
            .compactMap { FileStatus(path: $0).flatMap { index.newest($0.identity) } }
        let isCopy = (originals.flatMap { index.rows(path: $0) } + beside).contains { row in
            guard let generation = state.generation(row) else { return false }
            if let place = place(of: generation, beside: file.path) {
                guard FileCopy.isName(file.path, ofCopyOf: place) else { return false }
                if FileCopy.isCopy(file, of: place) { return true }
                // While they were compared, it may have gone: who compresses deletes it at once.
                let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
                if FileStatus(path: place)?.identity == identity { return false }
            }
            // It was deleted, and is read to its end. Before its first turn nothing may be known of its content.
            return openRows.contains(row)
                && (generation.head.length == 0
                    ? originals.contains(generation.path) : file.content.matches(generation.head))
        }
        if isCopy || isCopyOfDeparted(file) {
            let (isNew, waits) = copies.see(file.status, monotonic: monotonic)
            if isNew { logger.debug("waits: it is a copy of a file that is read", metadata: ["path": "\(file.path)"]) }
            return waits || file.content.isCompressed
        }
        // Until the reader has noticed a truncation, nobody knows what the copies beside it continue. It is looked for
        // last, because it may have come while they were compared.
        return originals.contains { original in
            guard let identity = occupants[original], let other = files[identity] else { return false }
            return other.path == original && other.hasLostItsContent
        }
    }
}
