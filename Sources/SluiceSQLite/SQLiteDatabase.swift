// SPDX-License-Identifier: Apache-2.0

import CSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One connection to a SQLite database.
///
/// Not for use from two threads at once: SQLite's own locking is off (`SQLITE_OPEN_NOMUTEX`), so a connection and its
/// statements belong to one thread or one lock at a time. Several connections to one file may work at once; in WAL
/// mode readers and the one writer do not wait for each other.
@safe
package final class SQLiteDatabase {
    /// How the file is opened.
    package enum Access: Sendable {
        /// Reading and writing; the file is made if it is not there.
        case create
        /// Reading and writing; the file must be there.
        case write
        /// Reading only; the file must be there.
        case read
    }

    /// When SQLite waits for the disk. With WAL, `normal` survives the death of the process at any instant; a power
    /// cut can take back the last transactions, but never damages the file. `full` syncs each commit.
    package enum Synchronous: Int32, Sendable {
        case off = 0
        case normal = 1
        case full = 2
    }

    package enum Transaction: String, Sendable {
        /// Takes no lock until the first read or write.
        case deferred = "BEGIN DEFERRED"
        /// Takes the write lock at once, so that it cannot fail halfway for want of it.
        case immediate = "BEGIN IMMEDIATE"
    }

    package let path: String
    private let connection: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens the database at `path`; `:memory:` is a database without a file.
    ///
    /// - Parameters:
    ///   - busyTimeout: how long, in milliseconds, to wait for another connection's lock.
    ///   - isWAL: turns write-ahead logging on (it stays on in the file). Without effect for `:memory:` and `.read`.
    ///   - pageSize: in bytes, a power of two from 512 to 65536; without effect on a database that has tables already.
    ///   - permissions: of a file that is made; SQLite gives its -wal and -shm files the same.
    package init(
        path: String,
        access: Access = .create,
        isWAL: Bool = true,
        synchronous: Synchronous = .normal,
        busyTimeout: Int32 = 5000,
        pageSize: Int32 = 4096,
        permissions: UInt32 = 0o600
    ) throws(SQLiteError) {
        self.path = path
        let isFile = path != ":memory:"
        if access == .create, isFile {
            // Made here, because SQLite would make it readable for everybody. Whatever is wrong, SQLite reports.
            let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode_t(permissions))
            if descriptor >= 0 { close(descriptor) }
        }
        let flags =
            switch access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            }
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let connection = unsafe opened else {
            let reason = unsafe opened.map { unsafe Self.message(of: $0) } ?? "no memory"
            unsafe sqlite3_close_v2(opened)
            throw SQLiteError(extendedCode: code, message: reason, path: path)
        }
        unsafe self.connection = connection
        unsafe sqlite3_busy_timeout(connection, busyTimeout)
        // The first statement that reads the file is what notices that it is damaged or no database.
        if isWAL, isFile, access != .read {
            try execute("PRAGMA page_size=\(pageSize)")
            let mode = try query("PRAGMA journal_mode=WAL") { statement in statement.string(at: 0) }
            guard mode == "wal" else {
                throw SQLiteError(
                    extendedCode: SQLITE_CANTOPEN,
                    message: "write-ahead logging is not possible here (the journal mode stayed \(mode ?? "unknown"))",
                    path: path
                )
            }
        } else {
            _ = try query("PRAGMA schema_version") { $0.integer(at: 0) }
        }
        try execute("PRAGMA synchronous=\(synchronous.rawValue)")
        try execute("PRAGMA foreign_keys=ON")
    }

    deinit {
        // Statements first; "v2" waits for those that somebody else still holds.
        statements.removeAll()
        unsafe sqlite3_close_v2(connection)
    }

    // MARK: Statements

    /// Runs one or more statements that bind nothing and whose rows nobody wants.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, sql: sql) }
    }

    /// The statement for `sql`, prepared once and kept: reset, and with nothing bound.
    ///
    /// There is one statement for each text, so it cannot be used again inside the loop over its own rows.
    package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        if let statement = statements[sql] {
            statement.reset()
            statement.clearBindings()
            return statement
        }
        let statement = try prepareUncached(sql)
        statements[sql] = statement
        return statement
    }

    /// A statement of its own, for text that will not be asked for again.
    package func prepareUncached(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK else { throw failure(code, sql: sql) }
        guard let handle = unsafe handle else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "there is no statement", sql: sql, path: path)
        }
        return unsafe SQLiteStatement(handle: handle, sql: sql, path: path)
    }

    /// Runs a statement that binds nothing, and gives `read` its first row; nil if there is none.
    package func query<Result>(
        _ sql: String,
        _ read: (SQLiteStatement) -> Result?
    ) throws(SQLiteError) -> Result? {
        let statement = try prepareUncached(sql)
        return try statement.step() ? read(statement) : nil
    }

    // MARK: Transactions

    /// Runs `body` inside a transaction: commits when it returns, takes everything back when it throws.
    ///
    /// Inside another transaction it is a part of that one: a savepoint.
    package func transaction<Result>(
        _ kind: Transaction = .immediate,
        _ body: () throws -> Result
    ) throws -> Result {
        let isInner = isInTransaction
        try step(isInner ? "SAVEPOINT inner_part" : kind.rawValue)
        do {
            let result = try body()
            try step(isInner ? "RELEASE inner_part" : "COMMIT")
            return result
        } catch {
            // Some failures (a full disk) have rolled back already; then there is nothing left to take back.
            if isInTransaction {
                if isInner {
                    try? step("ROLLBACK TO inner_part")
                    try? step("RELEASE inner_part")
                } else {
                    try? step("ROLLBACK")
                }
            }
            throw error
        }
    }

    private func step(_ sql: String) throws(SQLiteError) {
        let statement = try prepare(sql)
        defer { statement.reset() }
        _ = try statement.step()
    }

    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection) == 0 }

    // MARK: Facts

    /// The row id of the last row inserted through this connection.
    package var lastInsertRowID: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { unsafe Int(sqlite3_changes64(connection)) }

    /// The number that an application keeps in the file's header, as its schema's version.
    package func userVersion() throws(SQLiteError) -> Int64 {
        try query("PRAGMA user_version") { $0.integer(at: 0) } ?? 0
    }

    package func setUserVersion(_ version: Int32) throws(SQLiteError) {
        try execute("PRAGMA user_version=\(version)")
    }

    /// Moves what is in the write-ahead log into the database, as far as no reader needs it, and cuts the log to zero
    /// if `isTruncating`.
    package func checkpoint(isTruncating: Bool = false) throws(SQLiteError) {
        let mode = isTruncating ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let code = unsafe sqlite3_wal_checkpoint_v2(connection, nil, mode, nil, nil)
        // Busy is no failure: a later one moves the rest.
        guard code == SQLITE_OK || code & 0xff == SQLITE_BUSY else { throw failure(code, sql: nil) }
    }

    private func failure(_ code: Int32, sql: String?) -> SQLiteError {
        SQLiteError(extendedCode: code, message: unsafe Self.message(of: connection), sql: sql, path: path)
    }

    /// SQLite's words, with the system's where it was the system that refused.
    static func message(of connection: OpaquePointer) -> String {
        var message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? "unknown error"
        let systemError = unsafe sqlite3_system_errno(connection)
        let code = unsafe sqlite3_errcode(connection) & 0xff
        if systemError != 0, code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_FULL,
            let text = unsafe strerror(systemError)
        {
            unsafe message += ": " + String(cString: text)
        }
        return message
    }
}
