// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether one file is a copy of another, or the beginning of one that is still being made.
enum FileCopy {
    /// - Parameters:
    ///   - descriptor: of what may be the copy.
    ///   - size: of it, in bytes. What is empty may become a copy.
    ///   - original: the path of the other file.
    /// - Returns: whether the original has at least as much, the same at its beginning and before the copy's end.
    static func isCopy(_ descriptor: Int32, size: Int64, of original: String) -> Bool {
        let other = unsafe open(original, O_RDONLY | O_CLOEXEC)
        guard other >= 0 else { return false }
        defer { close(other) }
        guard let status = FileStatus(descriptor: other), status.size > 0, size <= status.size else { return false }
        let length = Int(min(size, Int64(FileFingerprint.length)))
        for offset in [0, size - Int64(length)] {
            guard let print = FileFingerprint.read(descriptor, offset: offset, length: length), print.matches(other)
            else { return false }
        }
        return true
    }

    /// Whether rotation can have made a copy of this name: in the same directory, and longer.
    static func isName(_ name: String, ofCopyOf original: String) -> Bool {
        name.count > original.count && name.hasPrefix(original) && FilePattern.areFamily(name, original)
    }

    /// The paths whose copy can have this name: all that it begins with, in its directory.
    static func originals(ofName path: String) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let first = path.index(after: slash)
        return path.indices[first...].dropFirst().map { String(path[..<$0]) }
    }
}
