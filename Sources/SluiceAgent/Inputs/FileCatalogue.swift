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
    let options: FileInputOptions
    let state: StateStore
    let outputs: [String]
    let counters: InputCounters
    let logger: Logger
    let finder: FileFinder
    var index: GenerationIndex
    /// Files that were closed, and where reading goes on.
    var closed: [FileStatus.Identity: ClosedFile] = [:]
    /// Files that were found, and wait for others to be closed; the first is the oldest.
    var waiting: [(path: String, isFirst: Bool)] = []
    var waitingPaths: Set<String> = []
    var openLimit: OpenFileLimit
    /// Which file stood under a path when it was last looked at.
    var occupants: [String: FileStatus.Identity] = [:]
    /// The files that stand under a path that matches.
    var present: Set<FileStatus.Identity> = []
    /// Generations whose file does not, by directory; while everything is looked through.
    var absent: [String: [Int64]]?
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

    /// Which generations have no file under a path that matches.
    func collectAbsent() {
        var rows: [String: [Int64]] = [:]
        for (row, entry) in index.entries where isWithoutFile(row, entry) {
            rows[FilePattern.directory(of: entry.path), default: []].append(row)
        }
        absent = rows.mapValues { $0.sorted(by: >) }
    }

    /// Whether no file that matches has a generation's content: it is gone, or holds something newer.
    func isWithoutFile(_ row: Int64, _ entry: GenerationIndex.Entry) -> Bool {
        !present.contains(entry.identity) || index.newest(entry.identity) != row
    }

    /// A file that matches the patterns.
    func meet(_ path: String, _ status: FileStatus, isFirst: Bool, monotonic: Int64) {
        if let file = files[status.identity] {
            rename(file, path)
        } else if closed[status.identity]?.isAsBefore(status) != true {
            open(path, status, name: path, isFirst: isFirst, monotonic: monotonic)
        }
        let before = occupants.updateValue(status.identity, forKey: path) ?? occupantChanged
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
    /// rotation has moved out of the patterns meanwhile, are read too.
    func meetFamily(of path: String, current: FileStatus, monotonic: Int64) {
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
    func meetDeparted(monotonic: Int64) {
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

    func openRest(of generation: Generation, _ path: String, _ status: FileStatus, monotonic: Int64) {
        guard files[status.identity] == nil, FilePattern.areFamily(generation.path, path),
            status.size > generation.resumeOffset(outputs: outputs)
        else { return }
        open(path, status, name: generation.path, isFirst: false, monotonic: monotonic)
    }

    func isCopyOfTruncated(_ generation: Generation, _ path: String, _ status: FileStatus) -> Bool {
        guard place(of: generation) == nil else { return false }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return continues(generation, descriptor, status)
    }

    func isMine(_ path: String) -> Bool { occupants[path] != nil || finder.isWanted(path) }

    // MARK: Complaints

    /// Says once what is wrong with a path.
    func complain(_ path: String, _ reason: String) {
        guard complaints[path] != reason else { return }
        complaints[path] = reason
        countFailures()
        logger.warning("a path is passed over: \(reason)", metadata: ["path": "\(path)"])
    }

    func countFailures() { counters.failedFiles.store(complaints.count, ordering: .relaxed) }

    var lastError: String { unsafe String(cString: strerror(errno)) }
}
