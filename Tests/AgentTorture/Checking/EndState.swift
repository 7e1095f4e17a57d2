// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What has to be true of the agent when all is delivered.
struct EndState {
    let root: String
    let findings: Findings

    /// The writers' files that a process has open and that no name leads to any more.
    func deletedFilesHeld(by process: pid_t) -> [String] {
        let folder = "/proc/\(process)/fd"
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var found: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = unsafe readlink("\(folder)/\(name)", &buffer, buffer.count)
            let target = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard target.hasPrefix(root + "/logs/"), target.hasSuffix(" (deleted)") else { continue }
            // Said of the name that it was opened under: another name may lead to it.
            var status = stat()
            if unsafe stat("\(folder)/\(name)", &status) == 0, status.st_nlink > 0 { continue }
            found.append(target)
        }
        return found
    }

    /// The database is sound, and says of every file that is there that all of it is done.
    ///
    /// What is under way for good belongs to content that was destroyed before it could be delivered.
    func checkState(_ path: String, _ folders: [String]) throws(SQLiteError) {
        let database = try SQLiteDatabase(path: path, access: .read)
        let soundness = try database.query("PRAGMA integrity_check") { $0.string(at: 0) ?? "" } ?? ""
        if soundness != "ok" { findings.fault("state", "state.db is damaged: \(soundness)") }
        let newest = try database.prepare("SELECT max(row) FROM generations WHERE inode = ?")
        let underWay = try database.prepare("SELECT count(*) FROM under_way WHERE generation = ? AND range_end <= ?")
        let behind = try database.prepare("SELECT output, offset FROM progress WHERE generation = ? AND offset < ?")
        for file in folders.flatMap(files) where !file.path.hasSuffix(".gz") {
            newest.reset()
            try newest.bind(integer: Int64(bitPattern: file.inode), at: 1)
            guard try newest.step(), !newest.isNull(at: 0) else { continue }
            let row = newest.integer(at: 0)
            underWay.reset()
            try underWay.bind(integer: row, at: 1)
            // What a copy lacks was destroyed by the truncation.
            try underWay.bind(integer: file.size, at: 2)
            if try underWay.step(), underWay.integer(at: 0) > 0 {
                findings.fault("state", "something of \(file.path) is still under way in state.db")
            }
            // A copy can have the inode of a file that went.
            if file.path.contains("-\(Style.copyTruncate.rawValue)/") { continue }
            behind.reset()
            try behind.bind(integer: row, at: 1)
            try behind.bind(integer: file.size, at: 2)
            while try behind.step() {
                let (output, offset) = (behind.string(at: 0) ?? "", behind.integer(at: 1))
                findings.fault("state", "\(file.path) has \(file.size) bytes, and \(output) is at \(offset)")
            }
        }
    }

    private func files(in folder: String) -> [(path: String, inode: UInt64, size: Int64)] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var found: [(path: String, inode: UInt64, size: Int64)] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard unsafe stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            found.append(("\(folder)/\(name)", UInt64(status.st_ino), Int64(status.st_size)))
        }
        return found
    }
}
