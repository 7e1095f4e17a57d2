// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Walks through directories for what matches patterns. Symbolic links are followed; a directory that several paths
/// lead to is walked once, so that loops end.
package struct PathWalk {
    let patterns: PathPatterns
    /// Is told of each directory in which something may match, before it is looked into.
    let directory: (_ path: String, _ hasFiles: Bool) -> Void
    /// Is told of everything that matches, directories included, whose status is known; nil where it cannot be looked at.
    let found: (_ path: String, _ status: FileStatus?) -> Void

    package init(
        patterns: PathPatterns,
        directory: @escaping (_ path: String, _ hasFiles: Bool) -> Void,
        found: @escaping (_ path: String, _ status: FileStatus?) -> Void
    ) {
        self.patterns = patterns
        self.directory = directory
        self.found = found
    }

    /// What was looked for in which directory.
    private typealias Visited = [FileStatus.Identity: Set<PathPatterns.Place>]

    /// Walks through everything.
    package func all() {
        var visited: Visited = [:]
        walk("/", patterns.root, &visited)
    }

    /// Walks through a directory that has just come.
    func below(_ path: String) {
        var visited: Visited = [:]
        walk(path, patterns.below(patterns.places(path)), &visited)
    }

    private func walk(_ path: String, _ places: [PathPatterns.Place], _ visited: inout Visited) {
        guard !places.isEmpty, let status = FileStatus(path: path), status.isDirectory else { return }
        let places = places.filter { visited[status.identity, default: []].insert($0).inserted }
        if places.isEmpty { return }
        directory(path, patterns.hasFiles(places))
        if let names = patterns.names(places) {
            for name in names { visit(path, name, places, isSure: false, &visited) }
            return
        }
        for name in DirectoryListing.names(path) { visit(path, name, places, isSure: true, &visited) }
    }

    /// - Parameter isSure: the name stands in the directory.
    private func visit(
        _ directory: String,
        _ name: String,
        _ places: [PathPatterns.Place],
        isSure: Bool,
        _ visited: inout Visited
    ) {
        let next = patterns.advance(places, name)
        guard !next.isEmpty else { return }
        let path = directory == "/" ? "/" + name : directory + "/" + name
        let status = FileStatus(path: path)
        if patterns.isMatch(next), isSure || status != nil { found(path, status) }
        let below = patterns.below(next)
        if status?.isDirectory == true, !below.isEmpty { walk(path, below, &visited) }
    }
}
