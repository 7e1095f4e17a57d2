// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The old files of one log: which there are, and how they are renamed and removed.
///
/// Everything here that changes names is done under the log's ``RotationLock``.
struct RotationDirectory: Sendable {
    /// The log's own path.
    let path: String
    let naming: RotationPolicy.Naming

    /// The directory, with a slash at its end.
    var directory: String { String(path[...(path.lastIndex(of: "/") ?? path.startIndex)]) }
    /// The log's own name.
    var base: String { String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]) }

    /// Where a file is compressed to before it gets its name. Hidden, so that patterns such as `app.log*`, with which
    /// logs are followed, do not match it.
    var partialPath: String { "\(directory).\(base).partial" }

    func path(of name: RotatedName, isCompressed: Bool) -> String {
        path + name.suffix + (isCompressed ? ".gz" : "")
    }

    /// The old files, the newest first.
    func files() -> [RotatedFile] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        let base = base
        var found: [RotatedName: RotatedFile] = [:]
        while let entry = unsafe readdir(stream) {
            let file = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard file.utf8.count > base.utf8.count, file.hasPrefix(base) else { continue }
            let isCompressed = file.hasSuffix(".gz")
            let suffix = file.dropFirst(base.count).dropLast(isCompressed ? 3 : 0)
            guard let name = RotatedName(suffix: suffix, naming: naming), let content = Self.content(directory + file)
            else { continue }
            var known = found[name] ?? RotatedFile(name: name)
            if isCompressed { known.compressed = content } else { known.original = content }
            found[name] = known
        }
        return found.values.sorted { $0.name.isNewer(than: $1.name) }
    }

    /// What a regular file holds; nil for anything else.
    private static func content(_ path: String) -> RotatedFile.Content? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return RotatedFile.Content(
            size: Int(status.st_size),
            modified: status.modifiedSeconds,
            inode: UInt64(truncatingIfNeeded: status.st_ino)
        )
    }

    /// Gives the log the name of its newest old file.
    ///
    /// - Parameter stamp: the date in the name, if it is dated.
    /// - Returns: the system's code if that failed; everything is then where it was, or one number further.
    func moveAside(stamp: String) -> Int32? {
        let files = files()
        let name: RotatedName
        switch naming {
        case .numbered:
            name = RotatedName(stamp: "", number: 1)
            shift(files)
        case .dated:
            // Behind all that is there, so that their order stays that of their names, even if some have gone.
            let last = files.first { $0.name.stamp == stamp }?.name.number
            name = RotatedName(stamp: stamp, number: last.map { $0 + 1 } ?? 0)
        }
        let target = self.path(of: name, isCompressed: false)
        return unsafe rename(path, target) == 0 ? nil : errno
    }

    /// Renames each file to the next number, up to the first number that is free.
    private func shift(_ files: [RotatedFile]) {
        var run = 0
        while run < files.count, files[run].name.number == run + 1 { run += 1 }
        for file in files[..<run].reversed() {
            let next = RotatedName(stamp: "", number: file.name.number + 1)
            for isCompressed in [true, false] {
                guard (isCompressed ? file.compressed : file.original) != nil else { continue }
                _ = unsafe rename(
                    path(of: file.name, isCompressed: isCompressed),
                    path(of: next, isCompressed: isCompressed)
                )
            }
        }
    }

    func remove(_ file: RotatedFile) {
        if file.original != nil { _ = unsafe unlink(path(of: file.name, isCompressed: false)) }
        if file.compressed != nil { _ = unsafe unlink(path(of: file.name, isCompressed: true)) }
    }

    /// Makes names that were given outlive the machine.
    func sync() {
        let descriptor = unsafe open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }
}

extension stat {
    /// When the file was last written to, in seconds since 1970-01-01T00:00:00Z. Anybody can set that to anything: what
    /// is beyond 2200 is taken for that.
    var modifiedSeconds: Int64 {
        #if canImport(Darwin)
        let seconds = Int64(st_mtimespec.tv_sec)
        #else
        let seconds = Int64(st_mtim.tv_sec)
        #endif
        return max(0, min(7_258_118_400, seconds))
    }
}
