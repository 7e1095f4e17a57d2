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
            if target.hasPrefix(root + "/logs/"), target.hasSuffix(" (deleted)") { found.append(target) }
        }
        return found
    }

    /// The database is sound, and nothing is under way.
    func checkState(_ path: String) throws(SQLiteError) {
        let database = try SQLiteDatabase(path: path, access: .read)
        let soundness = try database.query("PRAGMA integrity_check") { $0.string(at: 0) ?? "" } ?? ""
        if soundness != "ok" { findings.fault("state", "state.db is damaged: \(soundness)") }
        let underWay = try database.query("SELECT count(*) FROM under_way") { $0.integer(at: 0) } ?? 0
        if underWay > 0 { findings.fault("state", "\(underWay) stretches are still under way in state.db") }
    }
}
