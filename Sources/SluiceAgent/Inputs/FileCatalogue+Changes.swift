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
        if complaints.removeValue(forKey: file.path) != nil { countFailures() }
    }

    /// The file was truncated, or written anew: what is left of the old content is looked for in a copy beside it, and
    /// the new content begins a generation.
    func replace(_ file: TailedFile, monotonic: Int64) {
        let old = file.generation
        let position = file.position
        let anchors = file.anchors
        guard let head = file.readHead(), let status = file.status else { return }
        let generation = begin(path: old.path, status, head: head, offset: 0)
        counters.truncations.add(1, ordering: .relaxed)
        logger.info(
            "file was truncated or replaced: reading it from its beginning",
            metadata: ["path": "\(file.path)", "offset": "\(position)"]
        )
        openRows.remove(old.row)
        openRows.insert(generation.row)
        file.restart(generation: generation, source: source(of: generation))
        openCopy(of: state.generation(old.row) ?? old, position, anchors, monotonic: monotonic)
        families = FileFamilies()
    }

    /// Copytruncate: the copy has the lines that were written between the last look and the truncation. Or it lacks those
    /// that were written after copying and have been read; then it has nothing new, which state is told.
    func openCopy(
        of generation: Generation,
        _ position: Int64,
        _ anchors: [FileFingerprint],
        monotonic: Int64
    ) {
        guard generation.anchor != nil else { return }
        for sibling in FileFamilies.read(generation.path) {
            guard let status = FileStatus(path: sibling), status.isRegular, status.size > 0,
                files[status.identity] == nil
            else { continue }
            let descriptor = unsafe Glibc.open(sibling, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if status.size < position {
                let last = anchors.last { $0.end <= status.size }
                if let last, last.matches(descriptor), generation.head.matches(descriptor) {
                    _ = begin(path: generation.path, status, head: generation.head, offset: status.size)
                }
                close(descriptor)
                continue
            }
            guard continues(generation, descriptor, status) else {
                close(descriptor)
                continue
            }
            state.update(generation.row, device: status.device, inode: status.inode, head: generation.head)
            index.move(generation.row, to: status.identity)
            add(sibling, descriptor, status, generation, position, monotonic)
            return
        }
    }

    func failed(_ file: TailedFile, code: Int32) {
        complain(file.path, unsafe "it cannot be read (\(String(cString: strerror(code))))")
        file.isFailing = true
    }
}
