// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Paths, taken apart and put together.
package enum FilePattern {
    static func isExcluded(_ path: String, _ patterns: [String]) -> Bool {
        patterns.contains { pattern in
            unsafe fnmatch(pattern, path, 0) == 0 || fnmatch(pattern, name(of: path), 0) == 0
        }
    }

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
    package static func absolute(_ path: String) -> String {
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
