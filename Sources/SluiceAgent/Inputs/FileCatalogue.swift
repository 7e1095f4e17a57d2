// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceBytes
import SluiceEvents
import Synchronization

/// Which files an input reads, and which generation each of them is.
///
/// A file is its content, not its name: it continues a generation if head and anchor match and it can be the same file
/// (the same device and inode, or one of its family while the generation's own file is gone). In doubt it is read anew.
final class FileCatalogue {
    private(set) var files: [TailedFile] = []
    private let options: FileInputOptions
    private let state: StateStore
    private let outputs: [String]
    private let counters: InputCounters
    private let logger: Logger
    /// Files that were read to their end and closed, and where reading goes on.
    private var closed: [FileStatus.Identity: Closed] = [:]
    /// Which file stood under a path at the last scan.
    private var occupants: [String: FileStatus.Identity] = [:]
    private var copies = WaitingCopies()
    /// Paths that something is wrong with, so that it is said once.
    private var complaints: [String: String] = [:]
    /// The agent's own log, which it does not read.
    private let ownLog = FileStatus(descriptor: 2).flatMap { $0.isRegular ? $0.identity : nil }

    private struct Closed {
        var row: Int64
        var position: Int64
        var size: Int64
        var modified: Int64

        /// Whether the file is as it was when it was closed. An inode can be given to another file of the same size.
        func isAsBefore(_ status: FileStatus) -> Bool { size == status.size && modified == status.modified }
    }

    init(options: FileInputOptions, state: StateStore, outputs: [String], counters: InputCounters, logger: Logger) {
        self.options = options
        self.state = state
        self.outputs = outputs
        self.counters = counters
        self.logger = logger
    }

    // MARK: Looking for files

    /// Looks which files there are, opens the new ones and lets go of those that are done.
    func scan(isFirst: Bool, monotonic: Int64) {
        var present: Set<FileStatus.Identity> = []
        for path in FilePattern.paths(options.paths, excluding: options.excludeFiles) {
            guard let status = FileStatus(path: path) else {
                complain(path, "it cannot be looked at (\(lastError))")
                continue
            }
            guard status.isRegular else {
                complain(path, status.isDirectory ? "it is a directory" : "it is not a regular file")
                continue
            }
            if status.identity == ownLog {
                complain(path, "it is the agent's own log")
                continue
            }
            if !present.insert(status.identity).inserted { continue }
            meet(path, status, isFirst: isFirst, monotonic: monotonic)
            let before = occupants.updateValue(status.identity, forKey: path)
            if before != status.identity { meetFamily(of: path, current: status, monotonic: monotonic) }
        }
        if isFirst { meetDeparted(monotonic: monotonic) }
        for file in files { file.isOrphaned = !present.contains(file.identity) }
        copies.keep(present)
        closeFinished(monotonic: monotonic)
        counters.openFiles.store(files.count, ordering: .relaxed)
    }

    /// A file that matches the patterns.
    private func meet(_ path: String, _ status: FileStatus, isFirst: Bool, monotonic: Int64) {
        if let file = files.first(where: { $0.identity == status.identity }) {
            file.path = path
            return
        }
        if closed[status.identity]?.isAsBefore(status) == true { return }
        open(path, status, name: path, isFirst: isFirst, monotonic: monotonic)
    }

    /// The file under `path` is another than before: those between the last one that was known and this one, which
    /// rotation has moved out of the patterns meanwhile, are read too.
    private func meetFamily(of path: String, current: FileStatus, monotonic: Int64) {
        let generations = state.allGenerations.filter { $0.path == path }
        guard !generations.isEmpty else { return }
        let siblings = FilePattern.family(of: path).compactMap { sibling in
            FileStatus(path: sibling).map { (path: sibling, status: $0) }
        }.filter { $0.status.isRegular && $0.status.identity != current.identity }
        let known = siblings.filter { sibling in
            generations.contains { $0.device == sibling.status.device && $0.inode == sibling.status.inode }
        }
        guard let newest = known.map(\.status.modified).max() else { return }
        for sibling in siblings
        where sibling.status.modified >= newest || known.contains(where: { $0.path == sibling.path }) {
            guard !files.contains(where: { $0.identity == sibling.status.identity }),
                closed[sibling.status.identity]?.isAsBefore(sibling.status) != true
            else { continue }
            open(sibling.path, sibling.status, name: path, isFirst: false, monotonic: monotonic)
        }
    }

    /// Generations that were not read to their end, and whose file has another name now.
    private func meetDeparted(monotonic: Int64) {
        for generation in state.allGenerations where isMine(generation.path) {
            if files.contains(where: { $0.generation.row == generation.row }) { continue }
            for sibling in FilePattern.family(of: generation.path) {
                guard let status = FileStatus(path: sibling), status.isRegular,
                    status.size > generation.resumeOffset(outputs: outputs),
                    !files.contains(where: { $0.identity == status.identity }),
                    status.device == generation.device && status.inode == generation.inode
                        || isRestOfCopied(generation, sibling, status)
                else { continue }
                open(sibling, status, name: generation.path, isFirst: false, monotonic: monotonic)
            }
        }
    }

    /// Whether a file is the copy of content that was truncated meanwhile.
    private func isRestOfCopied(_ generation: Generation, _ path: String, _ status: FileStatus) -> Bool {
        guard generation.anchor != nil, generation.head.length > 0, place(of: generation) == nil else { return false }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return continues(generation, descriptor, status)
    }

    private func isMine(_ path: String) -> Bool {
        occupants[path] != nil || options.paths.contains { unsafe fnmatch($0, path, FNM_PATHNAME) == 0 }
    }

    // MARK: Opening

    /// - Parameter name: the path that the file's events say, if it begins a generation.
    private func open(_ path: String, _ found: FileStatus, name: String, isFirst: Bool, monotonic: Int64) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            complain(path, "it cannot be opened (\(lastError))")
            return
        }
        // Between looking and opening it may have become another.
        guard let status = FileStatus(descriptor: descriptor), status.isRegular,
            let head = FileFingerprint.head(descriptor),
            !files.contains(where: { $0.identity == status.identity })
        else {
            close(descriptor)
            return
        }
        if let known = closed.removeValue(forKey: status.identity), let generation = state.generation(known.row),
            known.position <= status.size, continues(generation, descriptor, status)
        {
            add(path, descriptor, status, generation, known.position, monotonic)
            return
        }
        if var generation = known(path: path, descriptor, status) {
            state.adopt(generation.row)
            if generation.device != status.device || generation.inode != status.inode {
                state.update(generation.row, device: status.device, inode: status.inode, head: generation.head)
            }
            generation = state.generation(generation.row) ?? generation
            let offset = generation.resumeOffset(outputs: outputs)
            logger.debug("goes on", metadata: ["path": "\(path)", "offset": "\(offset)"])
            add(path, descriptor, status, generation, offset, monotonic)
            return
        }
        if isWaitingCopy(path, descriptor, status, monotonic) {
            close(descriptor)
            return
        }
        if options.ignoreOlder > 0, SystemClock.now() - status.modified > options.ignoreOlder {
            close(descriptor)
            return
        }
        let offset = isFirst && options.start == .end ? status.size : 0
        let generation = state.beginGeneration(
            path: name,
            device: status.device,
            inode: status.inode,
            head: head,
            offset: offset
        )
        logger.debug("new file", metadata: ["path": "\(path)", "generation": "\(generation.identifier)"])
        add(path, descriptor, status, generation, offset, monotonic)
    }

    private func add(
        _ path: String,
        _ descriptor: Int32,
        _ status: FileStatus,
        _ generation: Generation,
        _ position: Int64,
        _ monotonic: Int64
    ) {
        if complaints.removeValue(forKey: path) != nil { countFailures() }
        files.append(
            TailedFile(
                path: path,
                descriptor: descriptor,
                identity: status.identity,
                generation: generation,
                position: position,
                source: source(of: generation),
                now: monotonic
            )
        )
    }

    private func source(of generation: Generation) -> EventSource {
        var common = options.fields
        if options.addsMetadata {
            common.insert(("log", "{\"file\":{\"path\":\(JSONText.string(generation.path))}}"), at: 0)
        }
        return EventSource(generation: generation.identifier, path: generation.path, common: common)
    }

    /// The generation that a file continues, or nil.
    private func known(path: String, _ descriptor: Int32, _ status: FileStatus) -> Generation? {
        let candidates = state.allGenerations.filter { generation in
            !files.contains { $0.generation.row == generation.row }
        }.sorted { $0.row > $1.row }
        for generation in candidates where generation.device == status.device && generation.inode == status.inode {
            if continues(generation, descriptor, status) { return generation }
        }
        for generation in candidates
        where generation.anchor != nil && generation.head.length > 0 && FilePattern.areFamily(generation.path, path) {
            if continues(generation, descriptor, status), place(of: generation) == nil { return generation }
        }
        return nil
    }

    /// Whether the file begins as the generation did, and still has what was read of it.
    private func continues(_ generation: Generation, _ descriptor: Int32, _ status: FileStatus) -> Bool {
        guard status.size >= generation.resumeOffset(outputs: outputs), generation.head.matches(descriptor) else {
            return false
        }
        return generation.anchor?.matches(descriptor) ?? true
    }

    /// Where a generation's own file is, under its name or one of its family; nil if it is gone, or holds something newer.
    private func place(of generation: Generation) -> String? {
        let isOvertaken = state.allGenerations.contains {
            $0.row > generation.row && $0.device == generation.device && $0.inode == generation.inode
        }
        if isOvertaken { return nil }
        return ([generation.path] + FilePattern.family(of: generation.path)).first { path in
            guard let status = FileStatus(path: path) else { return false }
            return status.device == generation.device && status.inode == generation.inode
        }
    }

    /// Whether a file is a copy of one that is read, as copytruncate makes it: its lines are read there. After the
    /// truncation it continues what was read; if none comes, it is a file of its own.
    private func isWaitingCopy(
        _ path: String,
        _ descriptor: Int32,
        _ status: FileStatus,
        _ monotonic: Int64
    ) -> Bool {
        // Until the reader has noticed a truncation, nobody knows what the copies beside it continue.
        let isTruncated = files.contains { FileCopy.isName(path, ofCopyOf: $0.path) && $0.hasLostItsContent }
        if isTruncated { return true }
        let isCopy = state.allGenerations.contains { generation in
            guard FilePattern.areFamily(generation.path, path), let original = place(of: generation) else {
                return false
            }
            return FileCopy.isName(path, ofCopyOf: original)
                && FileCopy.isCopy(descriptor, size: status.size, of: original)
        }
        guard isCopy else { return false }
        let (isNew, waits) = copies.see(status, monotonic: monotonic)
        if isNew { logger.debug("waits: it is a copy of a file that is read", metadata: ["path": "\(path)"]) }
        return waits
    }

    // MARK: What becomes of files

    /// Whether another file has taken the file's name since the last scan, as after a rotation.
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
        guard let head = file.readHead() else { return }
        let generation = state.beginGeneration(
            path: old.path,
            device: file.identity.device,
            inode: file.identity.inode,
            head: head
        )
        logger.info(
            "file was truncated or replaced: reading it from its beginning",
            metadata: ["path": "\(file.path)", "offset": "\(position)"]
        )
        file.restart(generation: generation, source: source(of: generation))
        openCopy(of: state.generation(old.row) ?? old, position, anchors, monotonic: monotonic)
    }

    /// Copytruncate: the copy has the lines that were written between the last look and the truncation. Or it lacks those
    /// that were written after copying and have been read; then it has nothing new, which state is told.
    private func openCopy(
        of generation: Generation,
        _ position: Int64,
        _ anchors: [FileFingerprint],
        monotonic: Int64
    ) {
        guard generation.anchor != nil else { return }
        for sibling in FilePattern.family(of: generation.path) {
            guard let status = FileStatus(path: sibling), status.isRegular, status.size > 0,
                !files.contains(where: { $0.identity == status.identity })
            else { continue }
            let descriptor = unsafe Glibc.open(sibling, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if status.size < position {
                let last = anchors.last { $0.end <= status.size }
                if let last, last.matches(descriptor), generation.head.matches(descriptor) {
                    _ = state.beginGeneration(
                        path: generation.path,
                        device: status.device,
                        inode: status.inode,
                        head: generation.head,
                        offset: status.size
                    )
                }
                close(descriptor)
                continue
            }
            guard continues(generation, descriptor, status) else {
                close(descriptor)
                continue
            }
            state.update(generation.row, device: status.device, inode: status.inode, head: generation.head)
            add(sibling, descriptor, status, generation, position, monotonic)
            return
        }
    }

    func failed(_ file: TailedFile, code: Int32, monotonic: Int64) {
        complain(file.path, unsafe "it cannot be read (\(String(cString: strerror(code))))")
        file.isFailing = true
        file.nextRead = monotonic + 1_000_000_000
    }

    private func closeFinished(monotonic: Int64) {
        files.removeAll { file in
            let isInactive = monotonic - file.lastProgress > options.closeInactive
            if isInactive, file.isOrphaned, file.isDeleted, file.waitsForLineEnd {
                // Kept for ever, it would fill the disk.
                logger.warning(
                    "a deleted file is let go: its last line never got an end",
                    metadata: ["path": "\(file.path)", "offset": "\(file.position)", "bytes": "\(file.lag)"]
                )
                return true
            }
            // While reading stands still, `lag` says what was there at the last turn.
            guard file.sizeNow <= file.position else { return false }
            let isDone = isInactive || (file.isOrphaned && file.isDeleted)
            // A deleted file's inode will be another's.
            if isDone, let status = file.status, status.links > 0 {
                closed[file.identity] = Closed(
                    row: file.generation.row,
                    position: file.position,
                    size: file.lastSize,
                    modified: status.size == file.lastSize ? status.modified : 0
                )
            }
            return isDone
        }
    }

    func closeAll() { files = [] }

    /// Says once what is wrong with a path.
    private func complain(_ path: String, _ reason: String) {
        guard complaints[path] != reason else { return }
        complaints[path] = reason
        countFailures()
        logger.warning("a path is passed over: \(reason)", metadata: ["path": "\(path)"])
    }

    private func countFailures() { counters.failedFiles.store(complaints.count, ordering: .relaxed) }

    private var lastError: String { unsafe String(cString: strerror(errno)) }
}
