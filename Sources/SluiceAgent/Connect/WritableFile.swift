// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Looks whether a file can be written, or made with the directories it lies in. Makes none.
package enum WritableFile {
    package static func finding(_ path: String) -> Finding {
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            if status.st_mode & S_IFMT != S_IFREG { return .misconfigured("it is no file: choose another name") }
            if unsafe access(path, W_OK) != 0 { return refused(path) }
        }
        var directory = parent(of: path)
        while unsafe stat(directory, &status) != 0 {
            guard errno == ENOENT, directory != "/", directory != "." else { return refused(directory) }
            directory = parent(of: directory)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return .misconfigured("'\(directory)' is no directory: choose another path")
        }
        guard unsafe access(directory, W_OK | X_OK) == 0 else { return refused(directory) }
        return .fine("'\(directory)' can be written")
    }

    private static func refused(_ path: String) -> Finding {
        let reason = unsafe String(cString: strerror(errno))
        return .misconfigured("'\(path)' cannot be written (\(reason)): allow it, or choose another path")
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
