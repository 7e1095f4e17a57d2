// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceSQLite

/// The database that an agent of a test keeps its progress in.
struct StateFile {
    struct DeadLetter: Equatable {
        let output: String
        let path: String
        let offset: Int64
        let status: Int64
        let reason: String
        let text: [UInt8]
    }

    let path: String

    init(_ road: Road) { path = road.path("state") + "/test/state.db" }

    func deadLetters() throws -> [DeadLetter] {
        let rows = try open().prepare(
            "SELECT output, path, offset, status, reason, text FROM dead_letters ORDER BY output, offset"
        )
        var letters: [DeadLetter] = []
        while try rows.step() {
            letters.append(
                DeadLetter(
                    output: rows.string(at: 0) ?? "",
                    path: rows.string(at: 1) ?? "",
                    offset: rows.integer(at: 2),
                    status: rows.integer(at: 3),
                    reason: rows.string(at: 4) ?? "",
                    text: rows.bytes(at: 5).array
                )
            )
        }
        return letters
    }

    /// How far the output has come without a gap in the one file that there is.
    func progress(_ output: String) throws -> Int64? {
        let rows = try open().prepare("SELECT offset FROM progress WHERE output = ?")
        try rows.bind(text: output, at: 1)
        return try rows.step() ? rows.integer(at: 0) : nil
    }

    /// How far it has come without a gap in the file of this path, where there is a queue as well.
    func progress(_ output: String, path: String) throws -> Int64? {
        let rows = try open().prepare(
            "SELECT offset FROM progress JOIN generations ON row = generation WHERE output = ? AND path = ?"
        )
        try rows.bind(text: output, at: 1)
        try rows.bind(text: path, at: 2)
        return try rows.step() ? rows.integer(at: 0) : nil
    }

    /// Of how many files it is known what they begin with.
    func heads() throws -> Int64 {
        let rows = try open().prepare("SELECT count(*) FROM generations WHERE head_length > 0")
        return try rows.step() ? rows.integer(at: 0) : 0
    }

    /// The boundaries that were forced and may be needed again, by file and offset.
    func forced() throws -> [Range<Int64>] {
        let rows = try open().prepare("SELECT range_start, range_end FROM forced ORDER BY generation, range_start")
        var ranges: [Range<Int64>] = []
        while try rows.step() { ranges.append(rows.integer(at: 0)..<rows.integer(at: 1)) }
        return ranges
    }

    /// The paths of the generations that are known, in their order.
    func generations() throws -> [String] {
        let rows = try open().prepare("SELECT path FROM generations ORDER BY row")
        var paths: [String] = []
        while try rows.step() { paths.append(rows.string(at: 0) ?? "") }
        return paths
    }

    func execute(_ sql: String) throws { try open().execute(sql) }

    /// Claims that all outputs have everything that some files hold now.
    ///
    /// - Returns: the bytes that they do not have, counted once for each output.
    func claimAll(of files: [String]) throws -> Int64 {
        let database = try open()
        var claimed: Int64 = 0
        for file in files {
            var status = stat()
            guard unsafe stat(file, &status) == 0 else { continue }
            let rows = "generation IN (SELECT row FROM generations WHERE inode = \(status.st_ino))"
            let sum = try database.prepare("SELECT sum(\(status.st_size) - offset) FROM progress WHERE \(rows)")
            if try sum.step() { claimed += sum.integer(at: 0) }
            sum.reset()
            try database.execute("UPDATE progress SET offset = \(status.st_size) WHERE \(rows)")
            try database.execute("DELETE FROM beyond WHERE \(rows)")
            try database.execute("DELETE FROM under_way WHERE \(rows)")
        }
        return claimed
    }

    private func open() throws -> SQLiteDatabase { try SQLiteDatabase(path: path, access: .write) }
}
