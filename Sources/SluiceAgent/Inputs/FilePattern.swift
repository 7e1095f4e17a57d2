// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Paths that match a pattern (`*`, `?`, `[a-z]`, `{a,b}`), and the files beside one that rotation made of it.
enum FilePattern {
    /// Every path that matches one of the patterns, each once, in order.
    static func paths(_ patterns: [String], excluding: [String]) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        for pattern in patterns {
            var result = unsafe glob_t()
            defer { unsafe globfree(&result) }
            guard unsafe glob(pattern, GLOB_BRACE | GLOB_NOSORT, nil, &result) == 0 else { continue }
            for index in unsafe 0..<Int(result.gl_pathc) {
                guard let text = unsafe result.gl_pathv[index] else { continue }
                let path = unsafe String(cString: text)
                if isExcluded(path, excluding) || !known.insert(path).inserted { continue }
                found.append(path)
            }
        }
        return found.sorted()
    }

    static func isExcluded(_ path: String, _ patterns: [String]) -> Bool {
        patterns.contains { pattern in
            unsafe fnmatch(pattern, path, 0) == 0 || fnmatch(pattern, name(of: path), 0) == 0
        }
    }

    /// The other files in the directory of `path` whose names begin with its name: what rotation makes (`app.log.1`,
    /// `app.log-20261122`), compressed ones left out.
    static func family(of path: String) -> [String] {
        let name = name(of: path)
        let directory = directory(of: path)
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var found: [String] = []
        while let entry = unsafe readdir(stream) {
            let other = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard other.count > name.count, other.hasPrefix(name), !compressed.contains(where: other.hasSuffix) else {
                continue
            }
            found.append(directory == "/" ? "/" + other : directory + "/" + other)
        }
        return found.sorted()
    }

    private static let compressed = [".gz", ".bz2", ".xz", ".zst", ".lz4"]

    /// Whether one file can have become the other by rotation: same directory, one name the other's beginning.
    static func areFamily(_ left: String, _ right: String) -> Bool {
        guard directory(of: left) == directory(of: right) else { return false }
        return name(of: left).hasPrefix(name(of: right)) || name(of: right).hasPrefix(name(of: left))
    }

    static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path from the root, without `.` and `..`; symbolic links stay.
    static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        var text = path
        if !path.hasPrefix("/"), let current = unsafe getcwd(nil, 0) {
            text = unsafe String(cString: current) + "/" + path
            unsafe free(current)
        }
        for part in text.split(separator: "/") where part != "." {
            if part == "..", !parts.isEmpty { parts.removeLast() } else if part != ".." { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
