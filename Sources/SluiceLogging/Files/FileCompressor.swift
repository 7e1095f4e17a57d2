// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if Gzip
import SluiceCompression
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Compresses the old files of one log, on a thread that ends when there is nothing to do.
///
/// Several processes that write to one log may have one each: whoever has the lock on the partial file does the work.
final class FileCompressor: @unchecked Sendable {  // what changes is under the lock
    private let directory: RotationDirectory
    private let policy: CompressionPolicy
    private let lock = WaitLock()
    private var isRunning = false
    /// There may be more to do than the thread has seen.
    private var isAsked = false
    /// Said once: it is tried again at each rotation.
    private var hasComplained = false

    init(directory: RotationDirectory, policy: CompressionPolicy) {
        self.directory = directory
        self.policy = policy
    }

    /// Removes what a crash left half compressed, unless somebody is at it.
    static func removePartial(in directory: RotationDirectory) {
        let descriptor = unsafe open(directory.partialPath, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        if FileLock.take(.exclusive, of: descriptor) == .taken { _ = unsafe unlink(directory.partialPath) }
        _ = close(descriptor)
    }

    /// Sees to it that all that is to be compressed will be.
    func start() {
        lock.withLock {
            isAsked = true
            if !isRunning { isRunning = WorkThread.start { self.run() } }
        }
    }

    /// A forked process has no thread but the one that forked.
    func resetAfterFork() {
        lock.reset()
        isRunning = false
    }

    private func run() {
        while true {
            let isDone = lock.withLock {
                if !isAsked { isRunning = false }
                defer { isAsked = false }
                return !isAsked
            }
            if isDone { return }
            #if Gzip
            compressAll()
            #endif
        }
    }

    #if Gzip
    private func compressAll() {
        var refused: Set<UInt64> = []
        while let file = oldest(except: refused), let original = file.original {
            do throws(SystemError) {
                switch try compress(file, original) {
                case .done: break
                case .isOpenElsewhere: refused.insert(original.inode)
                case .othersAreAtIt: return
                }
            } catch {
                if !hasComplained { StandardStream.complain("\(error); old files stay uncompressed meanwhile") }
                hasComplained = true
                return
            }
        }
    }

    /// The oldest file that is to be compressed.
    private func oldest(except refused: Set<UInt64>) -> RotatedFile? {
        directory.files().dropFirst(max(0, policy.delay)).last { file in
            file.original.map { !refused.contains($0.inode) } ?? false
        }
    }

    private enum Outcome { case done, isOpenElsewhere, othersAreAtIt }

    private func compress(_ file: RotatedFile, _ original: RotatedFile.Content) throws(SystemError) -> Outcome {
        let path = directory.path(of: file.name, isCompressed: false)
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        // It may just have been renamed; the next look shows.
        guard source >= 0 else { return errno == ENOENT ? .done : .isOpenElsewhere }
        defer { _ = close(source) }
        var status = stat()
        guard unsafe fstat(source, &status) == 0, UInt64(truncatingIfNeeded: status.st_ino) == original.inode else {
            return .done
        }
        // A writer that has not noticed the rotation yet would add lines that nobody sees.
        guard FileLock.take(.exclusive, of: source) != .refused else { return .isOpenElsewhere }
        guard let target = try openPartial() else { return .othersAreAtIt }
        defer { _ = close(target) }
        do throws(SystemError) {
            try copy(from: source, to: target)
        } catch {
            _ = unsafe unlink(directory.partialPath)
            throw error
        }
        _ = fchmod(target, status.st_mode & 0o777)
        _ = fchown(target, status.st_uid, status.st_gid)
        // What is kept by age goes by when the file was last written to.
        var times = (status.accessTime, status.modificationTime)
        _ = unsafe withUnsafePointer(to: &times) { pointer in
            unsafe pointer.withMemoryRebound(to: timespec.self, capacity: 2) { unsafe futimens(target, $0) }
        }
        // Its name must not survive a power failure that its content does not.
        guard fsync(target) == 0 else { throw SystemError("sync", path: directory.partialPath) }
        try replace(inode: original.inode)
        return .done
    }

    /// Opens the file to compress to, empty. Nil if another process has it.
    private func openPartial() throws(SystemError) -> Int32? {
        let path = directory.partialPath
        let target = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { throw SystemError("open", path: path) }
        var opened = stat()
        var named = stat()
        // Whoever had it may have given it its name in between.
        guard FileLock.take(.exclusive, of: target) != .refused, unsafe fstat(target, &opened) == 0,
            unsafe stat(path, &named) == 0, opened.st_ino == named.st_ino, ftruncate(target, 0) == 0
        else {
            _ = close(target)
            return nil
        }
        return target
    }

    private func copy(from source: Int32, to target: Int32) throws(SystemError) {
        let compressor: GzipCompressor
        do throws(GzipError) {
            compressor = try GzipCompressor(level: policy.level)
        } catch {
            throw SystemError("compress to", path: directory.partialPath, code: ENOMEM)
        }
        let text = ByteArena(capacity: 256 << 10)
        let compressed = ByteArena(capacity: 128 << 10)
        while true {
            text.removeAll()
            var code: Int32 = 0
            unsafe text.append(room: 256 << 10) { room in
                let count = unsafe read(source, room.baseAddress, room.count)
                if count < 0 { code = errno }
                return max(0, count)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw SystemError("read", path: directory.path, code: code) }
            if text.isEmpty { compressor.finish(to: compressed) } else { compressor.write(text.view, to: compressed) }
            if case .partial(_, let code) = StandardStream.write(compressed.view, to: target) {
                throw SystemError("write to", path: directory.partialPath, code: code)
            }
            if text.isEmpty { return }
            compressed.removeAll()
        }
    }

    /// Gives the compressed file its name and removes the original, wherever rotation has moved that meanwhile.
    private func replace(inode: UInt64) throws(SystemError) {
        var lock = RotationLock(directory: directory.directory)
        // Others hold it for an instant only, unless they were stopped.
        while lock == nil { lock = RotationLock(directory: directory.directory) }
        defer { lock = nil }
        guard let file = directory.files().first(where: { $0.original?.inode == inode }) else {
            // It was too old to be kept.
            _ = unsafe unlink(directory.partialPath)
            return
        }
        let compressed = directory.path(of: file.name, isCompressed: true)
        guard unsafe rename(directory.partialPath, compressed) == 0 else {
            let error = SystemError("rename", path: directory.partialPath)
            _ = unsafe unlink(directory.partialPath)
            throw error
        }
        _ = unsafe unlink(directory.path(of: file.name, isCompressed: false))
    }
    #endif
}

extension stat {
    fileprivate var accessTime: timespec {
        #if canImport(Darwin)
        st_atimespec
        #else
        st_atim
        #endif
    }

    fileprivate var modificationTime: timespec {
        #if canImport(Darwin)
        st_mtimespec
        #else
        st_mtim
        #endif
    }
}
