// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The files of one writer. Whatever is done to them is done here, and noted.
final class FileFamily {
    let directory: String
    let ledger: Ledger
    /// Which content each name leads to.
    private var names: [String: Int] = [:]
    private var descriptor: Int32 = -1
    /// The content that is written to, and its size.
    private(set) var content = -1
    private(set) var size: Int64 = 0

    init(directory: String, ledger: Ledger) {
        self.directory = directory
        self.ledger = ledger
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func path(_ name: String) -> String { directory + "/" + name }
    func exists(_ name: String) -> Bool { names[name] != nil }
    func content(of name: String) -> Int? { names[name] }

    // MARK: Writing

    /// Makes an empty file under a name that nothing has.
    @discardableResult
    func make(_ name: String) throws(Failure) -> Int {
        let file = try open(name, O_WRONLY | O_CREAT | O_EXCL)
        defer { close(file) }
        let content = ledger.addContent(inode: try inode(file), name: name)
        names[name] = content
        return content
    }

    /// Writing goes on in the file of this name, which is made if need be.
    func follow(_ name: String) throws(Failure) {
        if names[name] == nil { try make(name) }
        let file = try open(name, O_WRONLY | O_APPEND)
        if descriptor >= 0 { close(descriptor) }
        descriptor = file
        content = names[name] ?? -1
        var status = stat()
        size = unsafe fstat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Appends to the file that is followed.
    func write(_ bytes: ByteView) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe Glibc.write(descriptor, bytes.base + written, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written to", directory) }
            written += count
        }
        size += Int64(bytes.count)
    }

    // MARK: Rotating

    /// Gives a file another name; what had that name is gone.
    func rename(_ old: String, _ new: String) throws(Failure) {
        guard unsafe Glibc.rename(path(old), path(new)) == 0 else { throw failure("renamed", old) }
        guard let content = names.removeValue(forKey: old) else { return }
        let replaced = names.updateValue(content, forKey: new)
        ledger.note(content, "\(old) became \(new)")
        if let replaced { forget(replaced) }
    }

    func link(_ old: String, _ new: String) throws(Failure) {
        guard unsafe Glibc.link(path(old), path(new)) == 0 else { throw failure("linked", old) }
        guard let content = names[old] else { return }
        names[new] = content
        ledger.note(content, "\(new) is another name of it")
    }

    func remove(_ name: String) throws(Failure) {
        guard unsafe unlink(path(name)) == 0 else { throw failure("removed", name) }
        if let content = names.removeValue(forKey: name) { forget(content) }
    }

    /// Empties a file.
    func truncate(_ name: String) throws(Failure) {
        guard let content = names[name] else { return }
        let file = try open(name, O_WRONLY)
        defer { close(file) }
        guard ftruncate(file, 0) == 0 else { throw failure("truncated", name) }
        ledger.destroy(content, .truncated)
        let next = ledger.addContent(inode: try inode(file), name: "\(name), which was truncated")
        for (name, other) in names where other == content { names[name] = next }
        if content == self.content {
            self.content = next
            size = 0
        }
    }

    /// Copies a file, piece by piece as `cp` does.
    func copy(_ name: String, to copy: String) throws(Failure) {
        guard let content = names[name] else { return }
        let file = try open(copy, O_WRONLY | O_CREAT | O_EXCL)
        defer { close(file) }
        let bytes = try read(name)
        defer { withExtendedLifetime(bytes) {} }
        try write(bytes.view, to: file, copy)
        names[copy] = ledger.addCopy(of: content, inode: try inode(file), name: copy)
    }

    /// Compresses a file to its name and `.gz`, and removes it.
    func compress(_ name: String) throws(Failure) {
        guard let content = names[name] else { return }
        let bytes = try read(name)
        defer { withExtendedLifetime(bytes) {} }
        let compressed = ByteArena(capacity: 1 << 16)
        do {
            try GzipCompressor(level: 1).compress(bytes.view, to: compressed)
        } catch {
            throw Failure("\(name) cannot be compressed: \(error)")
        }
        let file = try open(name + ".gz", O_WRONLY | O_CREAT | O_EXCL)
        defer { close(file) }
        try write(compressed.view, to: file, name)
        names[name + ".gz"] = ledger.addCopy(of: content, inode: try inode(file), name: name + ".gz")
        try remove(name)
    }

    // MARK: Below

    private func forget(_ content: Int) {
        if !names.values.contains(content) { ledger.destroy(content, .deleted) }
    }

    private func open(_ name: String, _ flags: Int32) throws(Failure) -> Int32 {
        let file = unsafe Glibc.open(path(name), flags | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("opened", name) }
        return file
    }

    private func inode(_ file: Int32) throws(Failure) -> UInt64 {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw failure("looked at", directory) }
        return UInt64(status.st_ino)
    }

    private func read(_ name: String) throws(Failure) -> ByteArena {
        let file = try open(name, O_RDONLY)
        defer { close(file) }
        let bytes = ByteArena(capacity: 1 << 20)
        var isAtEnd = false
        while !isAtEnd {
            unsafe bytes.append(room: 1 << 18) { room in
                let count = unsafe Glibc.read(file, room.baseAddress, room.count)
                isAtEnd = count <= 0
                return max(0, count)
            }
        }
        return bytes
    }

    /// 64 KiB at a time, so that whoever looks meanwhile sees a part.
    private func write(_ bytes: ByteView, to file: Int32, _ name: String) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe Glibc.write(file, bytes.base + written, min(65_536, bytes.count - written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", name) }
            written += count
        }
    }

    private func failure(_ what: String, _ name: String) -> Failure {
        Failure("\(path(name)) cannot be \(what): \(unsafe String(cString: strerror(errno)))")
    }
}
