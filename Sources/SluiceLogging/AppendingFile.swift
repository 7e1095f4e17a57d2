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

    /// Opens the file for appending. It and the directories it lies in are made if they are not there.
    init(path: String) throws(SystemError) {
        // Not blocking, so that a pipe without a reader is an error and not a wait without end.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
        var opened = unsafe open(path, flags, 0o644)
        if opened < 0, errno == ENOENT {
            Self.makeDirectories(above: path)
            opened = unsafe open(path, flags, 0o644)
        }
        guard opened >= 0 else { throw SystemError("open", path: path) }
        descriptor = opened
        var status = stat()
        guard unsafe fstat(opened, &status) == 0 else {
            let error = SystemError("look at", path: path)
            _ = systemClose(opened)
            throw error
        }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        size = isRegular ? Int(status.st_size) : 0
        if isRegular, size > 0 { isMidLine = !Self.endsInNewline(path: path, size: size) }
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
        let reader = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard reader >= 0 else { return true }
        defer { _ = systemClose(reader) }
        var last: UInt8 = 0
        guard unsafe pread(reader, &last, 1, off_t(size - 1)) == 1 else { return true }
        return last == UInt8(ascii: "\n")
    }

    /// Appends one line, whole or not at all.
    ///
    /// - Returns: the system's code if it was not written.
    mutating func append(_ line: ByteView) -> Int32? {
        if isMidLine {
            if case .partial(_, let code) = StandardStream.write(ByteView("\n"), to: descriptor) { return code }
            isMidLine = false
            size += 1
        }
        switch StandardStream.write(line, to: descriptor) {
        case .complete:
            size += line.count
            return nil
        case .partial(let written, let code):
            if written > 0 { takeBack(written) }
            return code
        }
    }

    /// Removes the beginning of a line that could not be finished, if it is still the end of the file.
    private mutating func takeBack(_ written: Int) {
        isMidLine = true
        size += written
        // After an append the position is where our bytes end; if others have written since, theirs must stay.
        let position = lseek(descriptor, 0, SEEK_CUR)
        var status = stat()
        guard isRegular, position >= off_t(written), unsafe fstat(descriptor, &status) == 0, status.st_size == position,
            ftruncate(descriptor, position - off_t(written)) == 0
        else { return }
        isMidLine = false
        size -= written
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

    func close() { _ = systemClose(descriptor) }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
