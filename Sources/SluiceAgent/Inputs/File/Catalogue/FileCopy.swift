// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether one file is a copy of another, or the beginning of one that is still being made.
package enum FileCopy {
    /// - Parameters:
    ///   - copy: what may be the copy. What is empty may become one.
    ///   - original: the path of the other file.
    /// - Returns: whether the original has at least as much, the same at its beginning and before the copy's end; of a
    ///   compressed copy the beginning is enough.
    static func isCopy(_ copy: FileCatalogue.Candidate, of original: String) -> Bool {
        let other = unsafe open(original, O_RDONLY | O_CLOEXEC)
        guard other >= 0 else { return false }
        defer { close(other) }
        guard let status = FileStatus(descriptor: other), status.size > 0, status.identity != copy.status.identity,
            let head = copy.content.head(), head.matches(other)
        else { return false }
        if copy.content.isCompressed { return true }
        let size = copy.status.size
        let length = Int(min(size, Int64(FileFingerprint.length)))
        return size <= status.size
            && copy.content.fingerprint(offset: size - Int64(length), length: length)?.matches(other) ?? false
    }

    /// Whether rotation can have made a copy of this name: in the same directory, and longer.
    static func isName(_ name: String, ofCopyOf original: String) -> Bool {
        name.count > original.count && name.hasPrefix(original) && FilePattern.areFamily(name, original)
    }

    /// Whether a name is what rotation makes of another: `app.log.1`, `app.log-20261124.gz`, `app.log.old`, and not
    /// `app.logger.log`.
    package static func isRotated(_ name: String, from original: String) -> Bool {
        guard isName(name, ofCopyOf: original), hasSuffix(name, after: original) else { return false }
        let rest = name.dropFirst(original.count + 1)
        if let digit = rest.first, digit.isASCII, digit.isNumber { return true }
        return ["old", "prev"].contains { rest == $0 || rest.hasPrefix($0 + ".") }
    }

    /// Whether one file can have become the other by rotation: their names are of one family, or both are what rotation
    /// makes of a third (`app.log.1` and `app.log.2.gz`), under which nobody need have seen a file.
    static func areRelated(_ left: String, _ right: String) -> Bool {
        FilePattern.areFamily(left, right) || bases(ofName: left).contains { isRotated(right, from: $0) }
    }

    /// Whether what a name has beyond another that it begins with is set off from it.
    static func hasSuffix(_ name: String, after original: String) -> Bool {
        name.dropFirst(original.count).first.map { ".-_".contains($0) } ?? false
    }

    /// The paths whose rotation gives files a name like this one, the shortest first: what was met as `app.log.1` can be
    /// `app.log.2.gz` by now.
    static func bases(ofName path: String) -> [String] { originals(ofName: path).filter { isRotated(path, from: $0) } }

    /// The paths whose copy can have this name: all that it begins with, in its directory.
    static func originals(ofName path: String) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let first = path.index(after: slash)
        return path.indices[first...].dropFirst().map { String(path[..<$0]) }
    }
}
