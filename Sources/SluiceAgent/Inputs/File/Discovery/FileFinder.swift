// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

/// Finds the files that an input wants, and has their directories watched.
final class FileFinder {
    let watch: DirectoryWatch?
    private let patterns: PathPatterns
    private let excluded: [String]
    private let logger: Logger
    private var remote = RemoteMounts()
    /// Nothing is known of changes in some directory: it is remote, or could not be watched.
    private var hasGaps = false
    private var isLimitSaid = false

    init(options: FileInputOptions, isWatching: Bool, logger: Logger) {
        // What is wrong with a pattern was said when the options were read.
        patterns = (try? PathPatterns(options.paths.map(FilePattern.absolute))) ?? .none
        excluded = options.excludeFiles
        self.logger = logger
        watch = isWatching ? DirectoryWatch() : nil
        if isWatching, watch == nil { sayLimit("fs.inotify.max_user_instances") }
    }

    /// Whether all changes are noticed.
    var isWatchingEverything: Bool { watch != nil && !hasGaps }

    /// Everything that matches. Directories that were made since are watched from now on.
    func all() -> [(path: String, status: FileStatus?)] {
        remote = RemoteMounts()
        hasGaps = false
        var found: [(path: String, status: FileStatus?)] = []
        walk { found.append(($0, $1)) }.all()
        return found
    }

    /// What matches in a directory that has come.
    func below(_ path: String) -> [(path: String, status: FileStatus?)] {
        var found: [(path: String, status: FileStatus?)] = []
        walk { found.append(($0, $1)) }.below(path)
        return found
    }

    /// Whether a path matches and is not excluded.
    func isWanted(_ path: String) -> Bool { patterns.matches(path) && !FilePattern.isExcluded(path, excluded) }

    /// By what changes of a file are told; nil if they are not.
    func watchName(_ path: String, _ identity: FileStatus.Identity) -> DirectoryWatch.Name? {
        remote.contains(identity.device) ? nil : watch?.name(path)
    }

    private func walk(_ add: @escaping (String, FileStatus?) -> Void) -> PathWalk {
        PathWalk(patterns: patterns) { [self] path, hasFiles in
            observe(path, hasFiles: hasFiles)
        } found: { [excluded] path, status in
            if !FilePattern.isExcluded(path, excluded) { add(path, status) }
        }
    }

    private func observe(_ path: String, hasFiles: Bool) {
        guard let watch else { return }
        if let device = FileStatus(path: path)?.device, remote.contains(device) {
            hasGaps = true
            return
        }
        guard let failure = watch.add(path, hasFiles: hasFiles) else { return }
        hasGaps = true
        if failure == .limit { sayLimit("fs.inotify.max_user_watches") }
    }

    private func sayLimit(_ name: String) {
        if isLimitSaid { return }
        isLimitSaid = true
        logger.warning(
            "the limit of inotify is reached, so files are looked for at scan_frequency only: raise the sysctl \(name)",
            metadata: ["sysctl": "\(name)"]
        )
    }
}
