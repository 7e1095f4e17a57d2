// SPDX-License-Identifier: Apache-2.0

import CSQLite
package import SluiceBytes

/// A prepared statement of one connection.
///
/// Bind, `step` through the rows, `reset`, and again. Parameters count from 1 as in SQL, columns from 0. Not for use
/// from two threads at once.
@safe
package final class SQLiteStatement {
    package let sql: String
    private let path: String
    private let handle: OpaquePointer

    init(handle: OpaquePointer, sql: String, path: String) {
        unsafe self.handle = handle
        self.sql = sql
        self.path = path
    }

    deinit { unsafe sqlite3_finalize(handle) }

    // MARK: Running

    /// Goes to the next row; false at the end. A statement that returns no rows is done by its first step.
    package func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = failure(code)
            reset()
            throw error
        }
    }

    /// Runs a statement that returns no rows (or whose rows nobody wants), and makes it ready to be bound anew.
    package func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// Makes it ready to run again; what is bound stays bound.
    package func reset() { unsafe sqlite3_reset(handle) }

    package func clearBindings() { unsafe sqlite3_clear_bindings(handle) }

    // MARK: Binding

    package func bind(integer value: Int64, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    package func bind(double value: Double, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(handle, index, value))
    }

    package func bindNull(at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    package func bind(text: String, at index: Int32) throws(SQLiteError) {
        let code = text.withByteView { view in
            unsafe sqlite3_bind_text64(
                handle,
                index,
                UnsafeRawPointer(view.base).assumingMemoryBound(to: CChar.self),
                UInt64(view.count),
                Self.copied,
                UInt8(SQLITE_UTF8)
            )
        }
        try check(code)
    }

    /// Binds text, which must be UTF-8, and copies it.
    package func bind(text: ByteView, at index: Int32) throws(SQLiteError) {
        try check(
            unsafe sqlite3_bind_text64(
                handle,
                index,
                UnsafeRawPointer(text.base).assumingMemoryBound(to: CChar.self),
                UInt64(text.count),
                Self.copied,
                UInt8(SQLITE_UTF8)
            )
        )
    }

    /// Binds bytes, and copies them.
    package func bind(blob: ByteView, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_blob64(handle, index, blob.base, UInt64(blob.count), Self.copied))
    }

    /// Binds text, which must be UTF-8, without a copy: it must stay where it is until the statement has run or the
    /// parameter is bound again.
    package func bind(borrowedText: ByteView, at index: Int32) throws(SQLiteError) {
        try check(
            unsafe sqlite3_bind_text64(
                handle,
                index,
                UnsafeRawPointer(borrowedText.base).assumingMemoryBound(to: CChar.self),
                UInt64(borrowedText.count),
                nil,
                UInt8(SQLITE_UTF8)
            )
        )
    }

    /// Binds bytes without a copy: they must stay where they are until the statement has run or the parameter is
    /// bound again.
    package func bind(borrowedBlob: ByteView, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_blob64(handle, index, borrowedBlob.base, UInt64(borrowedBlob.count), nil))
    }

    // MARK: Columns

    package func integer(at column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    package func double(at column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

    package func isNull(at column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The bytes of a blob or text, good until the next `step` or `reset`; empty if the column is null.
    package func bytes(at column: Int32) -> ByteView {
        guard let base = unsafe sqlite3_column_blob(handle, column) else { return .empty }
        let count = unsafe sqlite3_column_bytes(handle, column)
        return unsafe ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: Int(count))
    }

    /// The text, or nil if the column is null.
    package func string(at column: Int32) -> String? {
        isNull(at: column) ? nil : bytes(at: column).string
    }

    package var columnCount: Int32 { unsafe sqlite3_column_count(handle) }

    // MARK: Errors

    /// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite makes its own copy.
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    @inline(__always)
    private func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> SQLiteError {
        let message = unsafe sqlite3_db_handle(handle).map { unsafe SQLiteDatabase.message(of: $0) }
        return SQLiteError(extendedCode: code, message: message ?? "unknown error", sql: sql, path: path)
    }
}
