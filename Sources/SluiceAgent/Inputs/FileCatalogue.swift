// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceBytes
import SluiceEvents
import Synchronization

/// Which files an input reads, and which generation each of them is. Belongs to its input's thread.
///
/// A file is its content, not its name: it continues a generation if head and anchor match and it can be the same file
/// (the same device and inode, or one of its family while the generation's own file is gone). In doubt it is read anew.
final class FileCatalogue {
    /// The open ones.
    private(set) var files: [FileStatus.Identity: TailedFile] = [:]
    /// Files that were opened and have not been given a turn yet.
    private var opened: [TailedFile] = []
    private var openRows: Set<Int64> = []
    private let options: FileInputOptions
    private let state: StateStore
    private let outputs: [String]
    private let counters: InputCounters
    private let logger: Logger
    private let finder: FileFinder
    private var index: GenerationIndex
    /// Files that were closed, and where reading goes on.
    private var closed: [FileStatus.Identity: ClosedFile] = [:]
    /// Files that were found, and wait for others to be closed; the first is the oldest.
    private var waiting: [(path: String, isFirst: Bool)] = []
    private var openLimit: OpenFileLimit
    /// Which file stood under a path when it was last looked at.
    private var occupants: [String: FileStatus.Identity] = [:]
    /// The files that stand under a path that matches.
    private var present: Set<FileStatus.Identity> = []
    /// Generations whose file does not, by directory; while everything is looked through.
    private var absent: [String: [Int64]]?
    private var families = FileFamilies()
    private var copies = WaitingCopies()
    /// Open files by the name under which they are watched.
    private var names: [DirectoryWatch.Name: TailedFile] = [:]
    /// Paths that something is wrong with, so that it is said once.
    private var complaints: [String: String] = [:]
    /// The agent's own log, which it does not read.
    private let ownLog = FileStatus(descriptor: 2).flatMap { $0.isRegular ? $0.identity : nil }

    /// - Parameter isWatching: changes are to be noticed between two scans.
    init(
        options: FileInputOptions,
        state: StateStore,
        outputs: [String],
        counters: InputCounters,
        isWatching: Bool,
        logger: Logger
    ) {
        self.options = options
        self.state = state
        self.outputs = outputs
        self.counters = counters
        self.logger = logger
        finder = FileFinder(options: options, isWatching: isWatching, logger: logger)
        index = GenerationIndex(state.allGenerations)
        openLimit = OpenFileLimit(wanted: options.harvesterLimit)
    }

    /// Is readable when something has changed; -1 if nothing is watched.
    var watchDescriptor: Int32 { finder.watch?.descriptor ?? -1 }

    /// Whether changes are noticed everywhere, so that scans are a safety net only.
    var isWatchingEverything: Bool { finder.isWatchingEverything }

    /// The files that were opened since this was asked last; what was written first is read first.
    func takeOpened() -> [TailedFile] {
        defer { opened = [] }
        return opened.count < 2 ? opened : opened.sorted { $0.modified < $1.modified }
    }

    // MARK: Looking for files

    /// Looks which files there are, opens the new ones and lets go of those that are done.
    func scan(isFirst: Bool, monotonic: Int64) {
        let found = finder.all()
        var candidates: [(path: String, status: FileStatus)] = []
        present = []
        for (path, status) in found {
            guard let status = admitted(path, status), present.insert(status.identity).inserted else { continue }
            candidates.append((path, status))
        }
        collectAbsent()
        // What was truncated has to be known before its copies, whose names begin with its own, are looked at. Of what is
        // new the oldest comes first.
        let known = Set(candidates.map(\.status.identity).filter { !index.rows($0).isEmpty })
        candidates.sort { left, right in
            switch (known.contains(left.status.identity), known.contains(right.status.identity)) {
            case (true, true): left.path < right.path
            case (false, false): (left.status.modified, left.path) < (right.status.modified, right.path)
            case (let isLeftKnown, _): isLeftKnown
            }
        }
        for (path, status) in candidates { meet(path, status, isFirst: isFirst, monotonic: monotonic) }
        if isFirst { meetDeparted(monotonic: monotonic) }
        absent = nil
        families = FileFamilies()
        for file in files.values { file.isOrphaned = !present.contains(file.identity) }
        occupants = occupants.filter { present.contains($0.value) || files[$0.value] != nil }
        copies.keep(present)
        closeFinished(monotonic: monotonic)
        openLimit.refresh()
        if files.count > openLimit.count { _ = makeRoom(monotonic: monotonic) }
        countOpen()
    }

    /// Takes in what the watch says has changed.
    ///
    /// - Parameter wake: is told of each file that was written to.
    /// - Returns: whether something was missed, so that everything has to be looked through.
    func readChanges(monotonic: Int64, wake: (TailedFile) -> Void) -> Bool {
        guard let watch = finder.watch else { return false }
        var isUnclear = false
        watch.read { change in
            switch change {
            case .written(let name, let path):
                if let file = names[name] {
                    wake(file)
                } else {
                    // A closed file that goes on, or one that is none of the input's.
                    let path = path()
                    if finder.isWanted(path) { look(path, monotonic: monotonic, wake: wake) }
                }
            case .touched(let path, let isDirectory):
                if isDirectory {
                    for (path, _) in finder.below(path) { look(path, monotonic: monotonic, wake: wake) }
                } else {
                    look(path, monotonic: monotonic, wake: wake)
                }
            case .unclear: isUnclear = true
            }
        }
        families = FileFamilies()
        countOpen()
        return isUnclear
    }

    /// Looks what stands under one path.
    private func look(_ path: String, monotonic: Int64, wake: (TailedFile) -> Void) {
        let status = FileStatus(path: path)
        if let before = occupants[path], before != status?.identity {
            // It has gone, and is read to its end.
            occupants[path] = nil
            present.remove(before)
            if let file = files[before] {
                file.isOrphaned = true
                wake(file)
            }
            // What follows has to be told from its predecessor by this.
            if status != nil { occupantChanged = before }
        }
        defer { occupantChanged = nil }
        guard let found = status else { return }
        if !finder.isWanted(path) {
            // A file that was renamed is written to under its new name.
            if let file = files[found.identity] { rename(file, path) }
            return
        }
        guard let status = admitted(path, found) else { return }
        present.insert(status.identity)
        meet(path, status, isFirst: false, monotonic: monotonic)
        if let file = files[status.identity] {
            file.isOrphaned = false
            wake(file)
        }
    }

    /// Which file stood where a path is being looked at.
    private var occupantChanged: FileStatus.Identity?

    /// Whether a path may be read; if not, that is said.
    private func admitted(_ path: String, _ status: FileStatus?) -> FileStatus? {
        guard let status else {
            complain(path, "it cannot be looked at (\(lastError))")
            return nil
        }
        guard status.isRegular else {
            complain(path, status.isDirectory ? "it is a directory" : "it is not a regular file")
            return nil
        }
        if status.identity == ownLog {
            complain(path, "it is the agent's own log")
            return nil
        }
        return status
    }

    /// Which generations have no file under a path that matches.
    private func collectAbsent() {
        var rows: [String: [Int64]] = [:]
        for (row, entry) in index.entries where isWithoutFile(row, entry) {
            rows[FilePattern.directory(of: entry.path), default: []].append(row)
        }
        absent = rows.mapValues { $0.sorted(by: >) }
    }

    /// Whether no file that matches has a generation's content: it is gone, or holds something newer.
    private func isWithoutFile(_ row: Int64, _ entry: GenerationIndex.Entry) -> Bool {
        !present.contains(entry.identity) || index.newest(entry.identity) != row
    }

    /// A file that matches the patterns.
    private func meet(_ path: String, _ status: FileStatus, isFirst: Bool, monotonic: Int64) {
        if let file = files[status.identity] {
            rename(file, path)
        } else if closed[status.identity]?.isAsBefore(status) != true {
            open(path, status, name: path, isFirst: isFirst, monotonic: monotonic)
        }
        let before = occupants.updateValue(status.identity, forKey: path) ?? occupantChanged
        if before != status.identity { meetFamily(of: path, current: status, monotonic: monotonic) }
    }

    private func rename(_ file: TailedFile, _ path: String) {
        if file.path == path, file.watchName != nil { return }
        if let name = file.watchName, names[name] === file { names[name] = nil }
        file.path = path
        file.watchName = finder.watchName(path, file.identity)
        if let name = file.watchName { names[name] = file }
    }

    /// The file under `path` is another than before: those between the last one that was known and this one, which
    /// rotation has moved out of the patterns meanwhile, are read too.
    private func meetFamily(of path: String, current: FileStatus, monotonic: Int64) {
        let identities = Set(index.rows(path: path).compactMap { index.entries[$0]?.identity })
        guard !identities.isEmpty else { return }
        let siblings = families.of(path).compactMap { sibling in
            FileStatus(path: sibling).map { (path: sibling, status: $0) }
        }.filter { $0.status.isRegular && $0.status.identity != current.identity }
        let known = siblings.filter { identities.contains($0.status.identity) }
        guard let newest = known.map(\.status.modified).max() else { return }
        for sibling in siblings
        where sibling.status.modified >= newest || known.contains(where: { $0.path == sibling.path }) {
            guard files[sibling.status.identity] == nil,
                closed[sibling.status.identity]?.isAsBefore(sibling.status) != true
            else { continue }
            open(sibling.path, sibling.status, name: path, isFirst: false, monotonic: monotonic)
        }
    }

    /// Generations that were not read to their end, and whose file has another name now.
    private func meetDeparted(monotonic: Int64) {
        for (directory, rows) in absent ?? [:] {
            let rows = rows.filter { !openRows.contains($0) && isMine(index.entries[$0]?.path ?? "") }
            if rows.isEmpty { continue }
            var there: [FileStatus.Identity: (path: String, status: FileStatus)] = [:]
            for name in families.names(directory) {
                let path = directory == "/" ? "/" + name : directory + "/" + name
                if let status = FileStatus(path: path), status.isRegular { there[status.identity] = (path, status) }
            }
            for row in rows {
                guard let entry = index.entries[row], let generation = state.generation(row) else { continue }
                if let found = there[entry.identity], index.newest(entry.identity) == row {
                    openRest(of: generation, found.path, found.status, monotonic: monotonic)
                } else if generation.anchor != nil, generation.head.length > 0 {
                    // Content that was copied and truncated meanwhile.
                    for path in families.of(entry.path) {
                        guard let status = FileStatus(path: path), status.isRegular,
                            isCopyOfTruncated(generation, path, status)
                        else { continue }
                        openRest(of: generation, path, status, monotonic: monotonic)
                    }
                }
            }
        }
    }

    private func openRest(of generation: Generation, _ path: String, _ status: FileStatus, monotonic: Int64) {
        guard files[status.identity] == nil, FilePattern.areFamily(generation.path, path),
            status.size > generation.resumeOffset(outputs: outputs)
        else { return }
        open(path, status, name: generation.path, isFirst: false, monotonic: monotonic)
    }

    private func isCopyOfTruncated(_ generation: Generation, _ path: String, _ status: FileStatus) -> Bool {
        guard place(of: generation) == nil else { return false }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return continues(generation, descriptor, status)
    }

    private func isMine(_ path: String) -> Bool { occupants[path] != nil || finder.isWanted(path) }

    // MARK: Opening

    /// - Parameter name: the path that the file's events say, if it begins a generation.
    private func open(_ path: String, _ found: FileStatus, name: String, isFirst: Bool, monotonic: Int64) {
        if isTooOld(found) { return }
        openLimit.refresh()
        if files.count >= openLimit.count, !makeRoom(monotonic: monotonic) {
            waiting.append((path, isFirst))
            return
        }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == EMFILE || errno == ENFILE {
                openLimit.lower(to: files.count, logger)
                waiting.append((path, isFirst))
            } else if errno != ENOENT {
                complain(path, "it cannot be opened (\(lastError))")
            }
            return
        }
        // Between looking and opening it may have become another.
        guard let status = FileStatus(descriptor: descriptor), status.isRegular,
            let head = FileFingerprint.head(descriptor), files[status.identity] == nil
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
                index.move(generation.row, to: status.identity)
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
        let offset = isFirst && options.start == .end ? status.size : 0
        let generation = begin(path: name, status, head: head, offset: offset)
        logger.debug("new file", metadata: ["path": "\(path)", "generation": "\(generation.identifier)"])
        add(path, descriptor, status, generation, offset, monotonic)
    }

    /// Whether a file that no generation is known of has not changed for too long.
    private func isTooOld(_ status: FileStatus) -> Bool {
        options.ignoreOlder > 0 && SystemClock.now() - status.modified > options.ignoreOlder
            && closed[status.identity] == nil && index.rows(status.identity).isEmpty
    }

    private func begin(path: String, _ status: FileStatus, head: FileFingerprint, offset: Int64) -> Generation {
        let generation = state.beginGeneration(
            path: path,
            device: status.device,
            inode: status.inode,
            head: head,
            offset: offset
        )
        // While everything is looked through, those that had the file before are not among the absent yet.
        for row in index.rows(ofFile: generation) {
            absent?[FilePattern.directory(of: index.entries[row]?.path ?? ""), default: []].append(row)
        }
        index.insert(generation)
        return generation
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
        let file = TailedFile(
            path: path,
            descriptor: descriptor,
            identity: status.identity,
            generation: generation,
            position: position,
            source: source(of: generation),
            modified: status.modified,
            now: monotonic
        )
        files[status.identity] = file
        openRows.insert(generation.row)
        rename(file, path)
        opened.append(file)
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
    private func continues(_ generation: Generation, _ descriptor: Int32, _ status: FileStatus) -> Bool {
        guard status.size >= generation.resumeOffset(outputs: outputs), generation.head.matches(descriptor) else {
            return false
        }
        return generation.anchor?.matches(descriptor) ?? true
    }

    /// Where a generation's own file is, under its name or one of its family; nil if it is gone, or holds something newer.
    private func place(of generation: Generation) -> String? {
        let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
        if index.newest(identity) != generation.row { return nil }
        return ([generation.path] + families.of(generation.path)).first { path in
            FileStatus(path: path)?.identity == identity
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

    // MARK: What becomes of files

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
    private func openCopy(
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

    // MARK: Closing

    /// Lets go of a file that is read to its end and has no name any more.
    func settle(_ file: TailedFile) {
        guard file.isOrphaned, file.isResting, file.isDeleted, file.sizeNow <= file.position else { return }
        release(file)
        countOpen()
    }

    private func closeFinished(monotonic: Int64) {
        for file in Array(files.values) where file.isResting {
            let isInactive = monotonic - file.lastProgress > options.closeInactive
            // While reading stands still, what the file had at the last turn is not what it has now.
            let size = file.sizeNow
            guard file.isOrphaned, file.isDeleted else {
                if isInactive, size == file.lastSize { release(file) }
                continue
            }
            if size <= file.position {
                release(file)
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

    private func release(_ file: TailedFile) {
        // A deleted file's inode will be another's.
        if let status = file.status, status.links > 0 {
            closed[file.identity] = ClosedFile(
                row: file.generation.row,
                position: file.position,
                isFinished: file.isResting,
                size: file.lastSize,
                modified: status.size == file.lastSize ? status.modified : 0
            )
        }
        if let name = file.watchName, names[name] === file { names[name] = nil }
        files[file.identity] = nil
        openRows.remove(file.generation.row)
        file.letGo()
    }

    /// Closes files that rest, those first that have rested longest.
    ///
    /// - Returns: whether there is room for one more.
    private func makeRoom(monotonic: Int64) -> Bool {
        let resting = files.values.filter(\.isResting)
            .sorted { $0.lastProgress < $1.lastProgress }
        // Several at once, so that the next need not look through all of them again.
        let excess = files.count - openLimit.count + max(1, openLimit.count / 8)
        for file in resting.prefix(max(0, excess)) { release(file) }
        return files.count < openLimit.count
    }

    /// Whether some file waits to be opened.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Opens files that had to wait, if there is room.
    func openWaiting(monotonic: Int64) {
        guard !waiting.isEmpty else { return }
        if files.count >= openLimit.count { makeRoomAmongBusy(monotonic: monotonic) }
        var left = max(0, openLimit.count - files.count)
        guard left > 0 else { return }
        let now = waiting
        waiting = []
        for (place, file) in now.enumerated() {
            guard left > 0 else {
                waiting += now[place...]
                break
            }
            guard let status = FileStatus(path: file.path), status.isRegular else { continue }
            if files[status.identity] != nil || closed[status.identity]?.isAsBefore(status) == true { continue }
            open(file.path, status, name: file.path, isFirst: file.isFirst, monotonic: monotonic)
            left -= 1
        }
        families = FileFamilies()
        countOpen()
    }

    /// Where all are busy, those that have had many turns make room for those that wait, and wait themselves.
    private func makeRoomAmongBusy(monotonic: Int64) {
        if makeRoom(monotonic: monotonic) { return }
        let busy = files.values.filter { $0.turns >= OpenFileLimit.turns }.sorted { $0.turns > $1.turns }
        for file in busy.prefix(max(1, openLimit.count / 8)) where !file.isOrphaned {
            waiting.append((file.path, false))
            release(file)
        }
    }

    func closeAll() {
        for file in files.values { file.letGo() }
        files = [:]
        names = [:]
    }

    private func countOpen() { counters.openFiles.store(files.count, ordering: .relaxed) }

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
