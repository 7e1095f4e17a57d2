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
    var files: [FileStatus.Identity: TailedFile] = [:]
    /// Files that were opened and have not been given a turn yet.
    var opened: [TailedFile] = []
    var openRows: Set<Int64> = []
    /// The same, where their events can go on in the next file.
    var openFamilies = OpenFamilies()
    let options: FileInputOptions
    let state: StateStore
    let outputs: [String]
    let counters: InputCounters
    let logger: Logger
    let finder: FileFinder
    var index: GenerationIndex
    /// Files that were closed, and where reading goes on.
    var closed: [FileStatus.Identity: ClosedFile] = [:]
    /// How far this process has handed on what it does not have open.
    var handedOn: [Int64: Int64] = [:]
    /// A file was closed that is to be opened again.
    var isLookDue = false
    /// Since when the files of generations have been gone, on the monotonic clock.
    var goneSince: [Int64: Int64] = [:]
    /// Files that were found, and wait for others to be closed; the first is the oldest.
    var waiting: [(path: String, name: String, isFirst: Bool)] = []
    var waitingPaths: Set<String> = []
    var openLimit: OpenFileLimit
    /// Of generations that are not open: what had been handed on beyond the place where reading goes on.
    var handedOnBeyond: [Int64: [Range<Int64>]] = [:]
    /// Open events that have to be handed on before anything else, because no more lines of them come.
    var unended: [UnendedEvents] = []
    let selection: LineSelection
    /// Which file stood under a path when it was last looked at.
    var occupants: [String: FileStatus.Identity] = [:]
    /// The files that stand under a path that matches.
    var present: [FileStatus.Identity: String] = [:]
    var families = FileFamilies()
    var copies = WaitingCopies()
    /// Open files by the name under which they are watched.
    var names: [DirectoryWatch.Name: TailedFile] = [:]
    /// Paths that something is wrong with, so that it is said once.
    var complaints: [String: String] = [:]
    /// Why lines of a generation may have arrived twice, by its row.
    var doubts: [Int64: String] = [:]
    /// The agent's own log, which it does not read.
    let ownLog = FileStatus(descriptor: 2).flatMap { $0.isRegular ? $0.identity : nil }

    /// - Parameter isWatching: changes are to be noticed between two scans.
    init(
        options: FileInputOptions,
        state: StateStore,
        outputs: [String],
        counters: InputCounters,
        isWatching: Bool,
        logger: Logger
    ) throws {
        selection = try LineSelection(include: options.framing.includeLines, exclude: options.framing.excludeLines)
        self.options = options
        self.state = state
        self.outputs = outputs
        self.counters = counters
        self.logger = logger
        self.isWatching = isWatching
        finder = FileFinder(options: options, isWatching: isWatching, logger: logger)
        index = GenerationIndex(state.allGenerations)
        OpenFileLimit.enter()
        openLimit = OpenFileLimit(wanted: options.harvesterLimit)
    }

    deinit { OpenFileLimit.leave() }

    /// Is readable when something has changed; -1 if nothing is watched.
    var watchDescriptor: Int32 { finder.watch?.descriptor ?? -1 }

    /// Whether changes are noticed everywhere, so that scans are a safety net only.
    var isWatchingEverything: Bool {
        finder.isWatchingEverything && !isLookDue && !copies.areWatched(monotonic: SystemClock.monotonic())
    }

    /// The files that were opened since this was asked last; what was written first is read first.
    func takeOpened() -> [TailedFile] {
        defer { opened = [] }
        return opened.count < 2 ? opened : opened.sorted { $0.modified < $1.modified }
    }

    // MARK: Looking for files

    /// Looks which files there are, opens the new ones and lets go of those that are done.
    func scan(isFirst: Bool, monotonic: Int64) {
        isLookDue = false
        families = FileFamilies()
        let found = finder.all()
        var candidates: [(path: String, status: FileStatus)] = []
        present = [:]
        for (path, status) in found {
            guard let status = admitted(path, status), present[status.identity] == nil else { continue }
            present[status.identity] = path
            candidates.append((path, status))
        }
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
        clean(monotonic: monotonic)
        families = FileFamilies()
        for file in files.values { file.isOrphaned = present[file.identity] == nil }
        occupants = occupants.filter { present[$0.value] != nil || files[$0.value] != nil }
        copies.keep(present)
        openLimit.retry()
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
    func look(_ path: String, monotonic: Int64, wake: (TailedFile) -> Void) {
        let status = FileStatus(path: path)
        if let before = occupants[path], before != status?.identity {
            occupants[path] = nil
            present[before] = nil
            if let file = files[before] {
                // Whoever comes there is its successor.
                file.successor = path
                leave(file, wake)
            }
            // What follows has to be told from its predecessor by this.
            if status != nil { occupantChanged = before }
        }
        // One that was opened there in passing: beside the patterns, or between a look and what took its place then.
        if let name = finder.watch?.name(path), let file = names[name], file.identity != status?.identity {
            leave(file, wake)
        }
        defer { occupantChanged = nil }
        guard let found = status else { return }
        if !finder.isWanted(path) {
            // A file that was renamed is written to under its new name.
            if let file = files[found.identity] { rename(file, path) }
            return
        }
        guard let status = admitted(path, found) else { return }
        present[status.identity] = path
        meet(path, status, isFirst: false, monotonic: monotonic)
        if let file = files[status.identity] {
            file.isOrphaned = false
            wake(file)
        }
    }

    /// A file has gone from where it stood: it is read to its end.
    private func leave(_ file: TailedFile, _ wake: (TailedFile) -> Void) {
        file.isOrphaned = true
        wake(file)
    }

    /// Opens a file to see what it holds; nil if it cannot be, or not yet.
    func candidate(_ path: String) -> Candidate? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard let status = FileStatus(descriptor: descriptor), status.isRegular,
            let isCompressed = options.compression.applies(to: path, descriptor)
        else {
            close(descriptor)
            // It could be opened, and that it cannot be used is no failure.
            errno = 0
            return nil
        }
        return Candidate(
            path: path,
            content: FileContent(descriptor: descriptor, isCompressed: isCompressed),
            status: status
        )
    }

    /// When no room was found for one more file, on the monotonic clock: at the same moment there is none either.
    var fullAt = Int64.min
    /// Whether the run goes on after what there is now.
    let isWatching: Bool

    /// Which file stood where a path is being looked at.
    var occupantChanged: FileStatus.Identity?

    /// Whether a path may be read; if not, that is said.
    func admitted(_ path: String, _ status: FileStatus?) -> FileStatus? {
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

    /// The generations that have no file under a path that matches.
    var rowsWithoutFile: [Int64] { index.entries.filter { isWithoutFile($0.key, $0.value) }.map(\.key) }

    /// Whether no file that matches has a generation's content: it is gone, or holds something newer.
    func isWithoutFile(_ row: Int64, _ entry: GenerationIndex.Entry) -> Bool {
        // What stands elsewhere has been given the inode of one that went.
        guard let path = present[entry.identity] else { return true }
        return index.newest(entry.identity) != row || !FilePattern.areFamily(entry.path, path)
    }

    /// A file that matches the patterns.
    func meet(_ path: String, _ status: FileStatus, isFirst: Bool, monotonic: Int64) {
        if let file = files[status.identity] {
            rename(file, path)
        } else if closed[status.identity]?.isAsBefore(status) != true {
            open(path, status, name: path, isFirst: isFirst, monotonic: monotonic)
        }
        let before = occupants.updateValue(status.identity, forKey: path) ?? occupantChanged
        if let before, before != status.identity { files[before]?.successor = path }
        if before != status.identity, !isFirst { noteRotation(path, status) }
        if before != status.identity { meetFamily(of: path, current: status, monotonic: monotonic) }
    }

    func rename(_ file: TailedFile, _ path: String) {
        if file.path == path, file.watchName != nil { return }
        if let name = file.watchName, names[name] === file { names[name] = nil }
        file.path = path
        file.watchName = finder.watchName(path, file.identity)
        if let name = file.watchName { names[name] = file }
    }

    /// The file under `path` is another than before: those between the last one that was known and this one, which
    /// rotation has moved out of the patterns meanwhile, are read too. Rotation may go on while they are looked at, and
    /// give each the name of another: then they are looked at again.
    func meetFamily(of path: String, current: FileStatus, monotonic: Int64) {
        if options.identity == .path { return }
        var dangling: Set<String> = []
        for _ in 0..<10 {
            let seen = FamilyLook(path, &families)
            openFamily(seen, current: current, monotonic: monotonic)
            let isWhole = seen.current != nil && seen.missing.isSubset(of: dangling)
            if isWhole, seen == FamilyLook(path, &families) { return }
            // What is listed once more, and is not there, is no file.
            dangling = seen.missing
            families = FileFamilies()
        }
    }

    private func openFamily(_ family: FamilyLook, current: FileStatus, monotonic: Int64) {
        let path = family.path
        let identities = Set(index.rows(path: path).compactMap { index.entries[$0]?.identity })
        guard !identities.isEmpty else { return }
        let siblings = family.members.filter { $0.status.isRegular && $0.status.identity != current.identity }
        let known = siblings.filter { identities.contains($0.status.identity) }
        // What was truncated has no file any more, but it is known when it was written to last.
        let last = index.rows(path: path).compactMap { state.generation($0)?.marks.modified }.filter { $0 > 0 }
        // The oldest of those that are known: before a kill, state may have learned of a file and not of the one before it.
        // When a file was compressed says nothing of when it was written to.
        let first = known.filter { !$0.path.hasSuffix(FileCompression.suffix) }.map(\.status.modified).min()
        guard let oldest = (last + [first].compactMap(\.self)).max() else { return }
        for sibling in siblings
        where (sibling.status.modified >= oldest && FileCopy.isRotated(sibling.path, from: path))
            || known.contains(where: { $0.path == sibling.path })
        {
            guard files[sibling.status.identity] == nil,
                closed[sibling.status.identity]?.isAsBefore(sibling.status) != true
            else { continue }
            open(sibling.path, sibling.status, name: path, isFirst: false, monotonic: monotonic)
        }
    }

    /// Generations that were not read to their end, and whose file has another name now.
    func meetDeparted(monotonic: Int64) {
        let absent = rowsWithoutFile.filter { !openRows.contains($0) && isMine(index.entries[$0]?.path ?? "") }
        let byDirectory = Dictionary(grouping: absent) { FilePattern.directory(of: index.entries[$0]?.path ?? "") }
        for (directory, rows) in byDirectory {
            var there: [FileStatus.Identity: (path: String, status: FileStatus)] = [:]
            for name in families.names(directory) {
                let path = directory == "/" ? "/" + name : directory + "/" + name
                if let status = FileStatus(path: path), status.isRegular { there[status.identity] = (path, status) }
            }
            for row in rows.sorted(by: >) {
                guard let entry = index.entries[row], let generation = state.generation(row) else { continue }
                if let found = there[entry.identity], index.newest(entry.identity) == row {
                    openRest(of: generation, found.path, found.status, monotonic: monotonic)
                } else if generation.anchor != nil, generation.head.length > 0 {
                    // Content that was copied and truncated meanwhile.
                    for path in families.of(entry.path) {
                        guard let status = FileStatus(path: path), status.isRegular, files[status.identity] == nil,
                            isCopyOfTruncated(generation, path)
                        else { continue }
                        openRest(of: generation, path, status, monotonic: monotonic)
                    }
                }
            }
        }
    }

    func openRest(of generation: Generation, _ path: String, _ status: FileStatus, monotonic: Int64) {
        guard files[status.identity] == nil, FilePattern.areFamily(generation.path, path),
            path.hasSuffix(FileCompression.suffix) || status.size > generation.resumeOffset(outputs: outputs)
        else { return }
        open(path, status, name: generation.path, isFirst: false, monotonic: monotonic)
    }

    func isCopyOfTruncated(_ generation: Generation, _ path: String) -> Bool {
        guard place(of: generation) == nil, let file = candidate(path) else { return false }
        defer { file.content.close() }
        return resumption(of: generation, in: file) != nil
    }

    func isMine(_ path: String) -> Bool { occupants[path] != nil || finder.isWanted(path) }

    // MARK: Complaints

    /// Says once what is wrong with a path.
    func complain(_ path: String, _ reason: String, metadata: Logger.Metadata = [:]) {
        guard complaints[path] != reason else { return }
        complaints[path] = reason
        countFailures()
        let metadata = metadata.merging(["path": "\(path)"]) { $1 }
        logger.warning("a path is passed over: \(reason)", metadata: metadata)
    }

    func countFailures() { counters.failedFiles.store(complaints.count, ordering: .relaxed) }

    var lastError: String { unsafe String(cString: strerror(errno)) }
}
