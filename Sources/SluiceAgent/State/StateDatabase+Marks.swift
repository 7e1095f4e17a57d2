// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// The table `file_marks`.
extension StateDatabase {
    func loadMarks(into generations: inout [Int64: Generation]) throws(SQLiteError) {
        let rows = try database.prepare(
            """
            SELECT generation, anchors, modified, compressed_size, compressed_modified, text_size FROM file_marks
            """
        )
        while try rows.step() {
            var marks = FileMarks()
            marks.anchors = Self.anchors(rows.string(at: 1) ?? "")
            marks.modified = rows.integer(at: 2)
            marks.compressedSize = rows.integer(at: 3)
            marks.compressedModified = rows.integer(at: 4)
            marks.textSize = rows.integer(at: 5)
            generations[rows.integer(at: 0)]?.marks = marks
        }
    }

    func write(_ marks: FileMarks, row: Int64) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR REPLACE INTO file_marks VALUES (?, ?, ?, ?, ?, ?)")
        try statement.bind(integer: row, at: 1)
        try statement.bind(text: Self.text(marks.anchors), at: 2)
        try statement.bind(integer: marks.modified, at: 3)
        try statement.bind(integer: marks.compressedSize, at: 4)
        try statement.bind(integer: marks.compressedModified, at: 5)
        try statement.bind(integer: marks.textSize, at: 6)
        try statement.run()
    }

    /// `offset length hash`, the hash in hexadecimal, with commas between them.
    static func text(_ anchors: [FileFingerprint]) -> String {
        anchors.map { "\($0.offset) \($0.length) \(String($0.hash, radix: 16))" }.joined(separator: ",")
    }

    /// What `text` wrote; what is no anchor is left out.
    static func anchors(_ text: String) -> [FileFingerprint] {
        text.split(separator: ",").compactMap { anchor in
            let parts = anchor.split(separator: " ")
            guard parts.count == 3, let offset = Int64(parts[0]), let length = Int(parts[1]),
                let hash = UInt64(parts[2], radix: 16), offset >= 0, (0...FileFingerprint.length).contains(length)
            else { return nil }
            return FileFingerprint(offset: offset, length: length, hash: hash)
        }
    }
}
