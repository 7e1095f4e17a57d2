// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file that whole lines are added to.
struct AppendingFile {
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64
    /// Devices and pipes have no size and no other name to be moved to.
    let isRegular: Bool
    /// Bytes, ours and those that were there before.
    private(set) var size: Int
    /// The file ends inside a line that broke off; the next one must not be glued to it.
    private var isMidLine = false
    /// Reads and mends what is before our lines, while other processes write to the file; below 0 if none do.
    private var observer: Int32 = -1
    /// Where our last lines ended, since others write to the file: what lies behind may be anything.
    private var ownEnd: Int?

    /// When it was last written to before it was opened, in seconds since 1970-01-01T00:00:00Z.
    let modified: Int64

    /// How often, a millisecond apart, opening is tried while somebody changes names or cuts the file.
    private static let attempts = 50

    /// Opens the file for appending. It and the directories it lies in are made if they are not there.
    init(path: String) throws(SystemError) {
        var attempt = 0
        while true {
            let (opened, status) = try Self.open(path)
            let isRegular = status.st_mode & S_IFMT == S_IFREG
            attempt += 1
            // Whoever compresses an old file must know that nobody writes to it any more, so each writer has a lock;
            // and once it has it, the file must still be the one of that name.
            if isRegular, attempt <= Self.attempts,
                FileLock.take(.shared, of: opened) == .refused || !Self.leads(path, to: status)
            {
                _ = systemClose(opened)
                usleep(1000)
                continue
            }
            descriptor = opened
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(truncatingIfNeeded: status.st_ino)
            self.isRegular = isRegular
            size = isRegular ? Int(status.st_size) : 0
            modified = status.modifiedSeconds
            if isRegular, size > 0 { isMidLine = !Self.endsInNewline(path: path, size: size) }
            return
        }
    }

    private static func open(_ path: String) throws(SystemError) -> (descriptor: Int32, status: stat) {
        // Not blocking, so that a pipe without a reader is an error and not a wait without end.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
        var opened = systemOpen(path, flags, 0o644)
        if opened < 0, errno == ENOENT {
            makeDirectories(above: path)
            opened = systemOpen(path, flags, 0o644)
        }
        guard opened >= 0 else { throw SystemError("open", path: path) }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0 else {
            let error = SystemError("look at", path: path)
            _ = systemClose(opened)
            throw error
        }
        return (opened, status)
    }

    private static func leads(_ path: String, to file: stat) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino
    }

    private static func makeDirectories(above path: String) {
        var directories: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            directories.append(String(rest))
        }
        for directory in directories.reversed() { _ = unsafe mkdir(directory, 0o755) }
    }

    /// Whether the last byte is a newline; yes if it cannot be read.
    private static func endsInNewline(path: String, size: Int) -> Bool {
        let reader = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        guard reader >= 0 else { return true }
        defer { _ = systemClose(reader) }
        var last: UInt8 = 0
        guard unsafe pread(reader, &last, 1, off_t(size - 1)) == 1 else { return true }
        return last == UInt8(ascii: "\n")
    }

    enum Outcome {
        case complete
        /// Of the bytes only those of whole lines are in the file.
        case failed(code: Int32, kept: Int)
    }

    /// Appends lines, each of them whole or not at all, in one `write(2)` where the system allows it.
    mutating func append(_ lines: ByteView) -> Outcome {
        if isMidLine {
            if case .partial(_, let code) = StandardStream.write(ByteView("\n"), to: descriptor) {
                return .failed(code: code, kept: 0)
            }
            isMidLine = false
            size += 1
        }
        switch StandardStream.write(lines, to: descriptor) {
        case .complete:
            if observer < 0 { size += lines.count } else { endForeignLine(before: lines.count) }
            return .complete
        case .partial(let written, let code):
            size += written
            ownEnd = nil
            var kept = written
            while kept > 0, lines[kept - 1] != UInt8(ascii: "\n") { kept -= 1 }
            if kept < written { takeBack(written - kept) }
            return .failed(code: code, kept: kept)
        }
    }

    /// Another process may have been killed while it wrote, and our first line be glued to the beginning of one of its
    /// lines. That one's last byte is made a newline: nobody misses it, and it cannot be known before we write.
    ///
    /// - Parameter count: how many bytes of ours were appended.
    private mutating func endForeignLine(before count: Int) {
        let end = Int(lseek(descriptor, 0, SEEK_CUR))
        defer {
            size = end
            ownEnd = end
        }
        let start = end - count
        guard start > 0, start != ownEnd else { return }
        var last: UInt8 = 0
        guard unsafe pread(observer, &last, 1, off_t(start - 1)) == 1, last != UInt8(ascii: "\n") else { return }
        last = UInt8(ascii: "\n")
        _ = unsafe pwrite(observer, &last, 1, off_t(start - 1))
    }

    /// Whether no other process has the file open for logging.
    mutating func isAlone() -> Bool {
        guard isRegular else { return true }
        let outcome = FileLock.take(.exclusive, of: descriptor)
        if outcome == .unsupported { return true }
        shareLock()
        return outcome == .taken
    }

    /// Takes the lock that every writer has. Others have one that excludes it for an instant only.
    private func shareLock() {
        for _ in 0..<Self.attempts {
            if FileLock.take(.shared, of: descriptor) != .refused { return }
            usleep(100)
        }
    }

    /// From now on other processes may write to the file.
    mutating func beginSharing(path: String) {
        guard isRegular, observer < 0 else { return }
        // Not for appending, because some systems would append whatever place is asked for.
        let opened = systemOpen(path, O_RDWR | O_CLOEXEC | O_NONBLOCK, 0)
        guard opened >= 0 else { return }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0, UInt64(truncatingIfNeeded: status.st_ino) == inode else {
            _ = systemClose(opened)
            return
        }
        observer = opened
        // What is the end now need not be when we write.
        isMidLine = false
        ownEnd = nil
    }

    /// From now on this process is alone.
    mutating func endSharing() {
        guard observer >= 0 else { return }
        _ = systemClose(observer)
        observer = -1
    }

    /// Removes the beginning of a line that could not be finished, if it is still the end of the file and nobody else
    /// has the file open. Otherwise the next line begins with a newline.
    private mutating func takeBack(_ count: Int) {
        isMidLine = true
        guard isRegular else { return }
        let isAlone = FileLock.take(.exclusive, of: descriptor) != .refused
        defer { shareLock() }
        // After an append the position is where our bytes end; if others have written since, theirs must stay.
        let position = lseek(descriptor, 0, SEEK_CUR)
        var status = stat()
        guard isAlone, position >= off_t(count), unsafe fstat(descriptor, &status) == 0, status.st_size == position,
            ftruncate(descriptor, position - off_t(count)) == 0
        else { return }
        isMidLine = false
        size -= count
    }

    /// Makes what was written outlive the machine.
    ///
    /// - Returns: the system's code if that failed.
    func sync() -> Int32? {
        isRegular ? Self.sync(descriptor) : nil
    }

    static func sync(_ descriptor: Int32) -> Int32? {
        #if canImport(Darwin)
        return fcntl(descriptor, F_FULLFSYNC) == -1 ? errno : nil
        #else
        return fdatasync(descriptor) == 0 ? nil : errno
        #endif
    }

    /// The same file once more, so that it can be synced while others write to it. Nil if there are no descriptors.
    func duplicate() -> Int32? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }

    /// Whether the name still leads to this file. Takes over the size that the file really has, since another process
    /// may append to it or cut it.
    mutating func isStill(at path: String) -> Bool {
        guard isRegular else { return true }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        guard UInt64(truncatingIfNeeded: status.st_dev) == device, UInt64(truncatingIfNeeded: status.st_ino) == inode
        else { return false }
        size = Int(status.st_size)
        return true
    }

    /// Whether any name leads to this file.
    var hasName: Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }

    func close() {
        _ = systemClose(descriptor)
        if observer >= 0 { _ = systemClose(observer) }
    }
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { unsafe open(path, flags, mode) }

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
