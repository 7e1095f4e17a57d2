// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// What SQLite refused to do, where, and what to do about it.
package struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// SQLite's primary result code (https://sqlite.org/rescode.html), such as 13 for a full disk.
    package var code: Int32
    /// The extended result code, which has the primary one in its low eight bits.
    package var extendedCode: Int32
    /// SQLite's own words.
    package var message: String
    /// The statement that failed, or nil if it was not a statement.
    package var sql: String?
    /// The database file.
    package var path: String

    package init(extendedCode: Int32, message: String, sql: String? = nil, path: String) {
        self.code = extendedCode & 0xff
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
        self.path = path
    }

    /// The disk, or a quota, is full.
    package var isFull: Bool { code == SQLITE_FULL }
    /// Another connection holds a lock for longer than the busy timeout.
    package var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    /// The file is damaged, or is no SQLite database.
    package var isCorrupt: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    package var isReadOnly: Bool { code == SQLITE_READONLY || code == SQLITE_PERM }
    package var isCannotOpen: Bool { code == SQLITE_CANTOPEN }
    /// A UNIQUE, NOT NULL, CHECK or foreign key constraint does not hold.
    package var isConstraint: Bool { code == SQLITE_CONSTRAINT }

    /// What to do, as a sentence without its full stop.
    package var advice: String {
        switch code {
        case SQLITE_FULL: "free space on its disk (or raise the quota), then try again"
        case SQLITE_CORRUPT: "move the file and its -wal and -shm files away, or restore them from a backup"
        case SQLITE_NOTADB: "this file is not a SQLite database: name another path, or move it away"
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            "make the file and its directory writable for this user, or name another path"
        case SQLITE_CANTOPEN: "make sure that its directory exists, is a directory and is writable for this user"
        case SQLITE_BUSY, SQLITE_LOCKED: "another process is using it: end that process, or name another path"
        case SQLITE_IOERR: "look at the disk: reading or writing it failed"
        case SQLITE_NOMEM: "there is not enough memory"
        default: "this should not happen: please report it"
        }
    }

    package var description: String {
        let statement = sql.map { " (in: \($0))" } ?? ""
        return "SQLite database \(path): \(message)\(statement); \(advice)"
    }
}
