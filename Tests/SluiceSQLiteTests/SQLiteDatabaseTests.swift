// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite
import Testing

#if canImport(Glibc)
import Glibc
#endif

struct SQLiteDatabaseTests {
    struct Refusal: Error {}

    /// A directory of its own for one test, removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/sluice-sqlite-XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template) != nil
        #expect(made)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            for name in ["/a.db", "/a.db-wal", "/a.db-shm"] { unsafe unlink(path + name) }
            unsafe rmdir(path)
        }
        try body(path)
    }

    @Test func bindsAndReadsEveryKind() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        try database.execute("CREATE TABLE t (a, b, c, d, e, f)")
        let insert = try database.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
        let bytes: [UInt8] = [0, 0xff, 7]
        try bytes.withByteView { view in
            try insert.bind(integer: Int64.min, at: 1)
            try insert.bind(double: 1.5, at: 2)
            try insert.bind(text: "gr\u{fc}n", at: 3)
            try insert.bind(borrowedBlob: view, at: 4)
            try insert.bindNull(at: 5)
            try insert.bind(borrowedText: ByteView("text"), at: 6)
            try insert.run()
        }
        #expect(database.changes == 1)
        #expect(database.lastInsertRowID == 1)
        let select = try database.prepare("SELECT *, typeof(d), typeof(f) FROM t")
        #expect(try select.step())
        #expect(select.integer(at: 0) == Int64.min)
        #expect(select.double(at: 1) == 1.5)
        #expect(select.string(at: 2) == "gr\u{fc}n")
        #expect(select.bytes(at: 3).array == bytes)
        #expect(select.isNull(at: 4))
        #expect(select.string(at: 4) == nil)
        #expect(select.string(at: 5) == "text")
        #expect(select.string(at: 6) == "blob")
        #expect(select.string(at: 7) == "text")
        #expect(try !select.step())
    }

    @Test func anEmptyBlobIsNotNull() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        let statement = try database.prepare("SELECT ?")
        try statement.bind(blob: .empty, at: 1)
        #expect(try statement.step())
        #expect(!statement.isNull(at: 0))
        #expect(statement.bytes(at: 0).isEmpty)
    }

    @Test func aPreparedStatementIsKeptAndComesBackClean() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        let first = try database.prepare("SELECT ?")
        try first.bind(integer: 7, at: 1)
        #expect(try first.step())
        let second = try database.prepare("SELECT ?")
        #expect(first === second)
        #expect(try second.step())
        #expect(second.isNull(at: 0))
    }

    @Test func aTransactionCommitsOrTakesEverythingBack() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        try database.execute("CREATE TABLE t (a)")
        func count() throws -> Int64? { try database.query("SELECT count(*) FROM t") { $0.integer(at: 0) } }
        try database.transaction { try database.execute("INSERT INTO t VALUES (1)") }
        #expect(try count() == 1)
        #expect(throws: Refusal.self) {
            try database.transaction {
                try database.execute("INSERT INTO t VALUES (2)")
                throw Refusal()
            }
        }
        #expect(try count() == 1)
        #expect(!database.isInTransaction)
        try database.transaction {
            try database.execute("INSERT INTO t VALUES (3)")
            try? database.transaction {
                try database.execute("INSERT INTO t VALUES (4)")
                throw Refusal()
            }
        }
        #expect(try count() == 2)
    }

    @Test func theUserVersionStaysInTheFile() throws {
        try withDirectory { directory in
            let path = directory + "/a.db"
            do {
                let database = try SQLiteDatabase(path: path)
                #expect(try database.userVersion() == 0)
                try database.setUserVersion(3)
            }
            let database = try SQLiteDatabase(path: path, access: .write)
            #expect(try database.userVersion() == 3)
            #expect(try database.query("PRAGMA journal_mode") { $0.string(at: 0) } == "wal")
            #expect(try database.query("PRAGMA synchronous") { $0.integer(at: 0) } == 1)
        }
    }

    @Test func aNewFileIsForItsOwnerOnly() throws {
        try withDirectory { directory in
            let database = try SQLiteDatabase(path: directory + "/a.db")
            try database.execute("CREATE TABLE t (a)")
            for suffix in ["", "-wal", "-shm"] {
                var status = stat()
                #expect(unsafe stat(directory + "/a.db" + suffix, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600)
            }
        }
    }

    @Test func aReaderDoesNotWaitForTheWriter() throws {
        try withDirectory { directory in
            let writer = try SQLiteDatabase(path: directory + "/a.db")
            try writer.execute("CREATE TABLE t (a)")
            let reader = try SQLiteDatabase(path: directory + "/a.db", access: .read, busyTimeout: 0)
            try writer.transaction {
                try writer.execute("INSERT INTO t VALUES (1)")
                #expect(try reader.query("SELECT count(*) FROM t") { $0.integer(at: 0) } == 0)
            }
            #expect(try reader.query("SELECT count(*) FROM t") { $0.integer(at: 0) } == 1)
            let error = #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (2)") }
            #expect(error?.isReadOnly == true)
        }
    }

    // MARK: What goes wrong

    @Test func aSecondWriterIsToldThatItIsBusy() throws {
        try withDirectory { directory in
            let first = try SQLiteDatabase(path: directory + "/a.db")
            let second = try SQLiteDatabase(path: directory + "/a.db", busyTimeout: 0)
            try first.execute("CREATE TABLE t (a)")
            try first.transaction {
                let error = #expect(throws: SQLiteError.self) {
                    try second.transaction { try second.execute("INSERT INTO t VALUES (1)") }
                }
                #expect(error?.isBusy == true)
            }
        }
    }

    @Test func aDirectoryThatIsNotThereIsSaid() {
        let error = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: "/nowhere/at/all/a.db") }
        #expect(error?.isCannotOpen == true)
        #expect(error?.description.contains("/nowhere/at/all/a.db") == true)
        #expect(error?.description.contains("No such file or directory") == true)
        #expect(error?.description.contains("make sure that its directory exists") == true)
    }

    @Test func aDirectoryThatIsAFileIsSaid() throws {
        try withDirectory { directory in
            _ = try SQLiteDatabase(path: directory + "/a.db")
            let error = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: directory + "/a.db/b.db") }
            #expect(error?.isCannotOpen == true)
            #expect(error?.description.contains("Not a directory") == true)
        }
    }

    @Test func aFileThatIsNoDatabaseIsSaid() throws {
        try withDirectory { directory in
            let path = directory + "/a.db"
            let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
            let text = Array("this is a letter, not a database; ".utf8)
            for _ in 0..<64 { _ = unsafe write(descriptor, text, text.count) }
            close(descriptor)
            let error = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: path) }
            #expect(error?.isCorrupt == true)
            #expect(error?.description.contains(path) == true)
            #expect(error?.description.contains("move") == true)
        }
    }

    @Test func aDamagedFileIsSaid() throws {
        try withDirectory { directory in
            let path = directory + "/a.db"
            do {
                let database = try SQLiteDatabase(path: path)
                try database.execute("CREATE TABLE t (a)")
                try database.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 500)"
                        + " INSERT INTO t SELECT randomblob(500) FROM n"
                )
            }
            let descriptor = unsafe open(path, O_WRONLY)
            let rubbish = [UInt8](repeating: 0xa5, count: 4096)
            for page in 1..<8 { _ = unsafe pwrite(descriptor, rubbish, rubbish.count, page * 4096) }
            close(descriptor)
            let error = #expect(throws: SQLiteError.self) {
                let database = try SQLiteDatabase(path: path)
                _ = try database.query("SELECT sum(length(a)) FROM t") { $0.integer(at: 0) }
            }
            #expect(error?.isCorrupt == true)
        }
    }

    @Test func aFullDatabaseIsSaidAndTakesBackWhatDidNotFit() throws {
        try withDirectory { directory in
            let database = try SQLiteDatabase(path: directory + "/a.db")
            try database.execute("CREATE TABLE t (a)")
            try database.execute("PRAGMA max_page_count=10")
            let error = #expect(throws: SQLiteError.self) {
                try database.transaction {
                    for _ in 0..<100 { try database.execute("INSERT INTO t VALUES (randomblob(4000))") }
                }
            }
            #expect(error?.isFull == true)
            #expect(error?.description.contains("free space") == true)
            #expect(try database.query("SELECT count(*) FROM t") { $0.integer(at: 0) } == 0)
            #expect(!database.isInTransaction)
        }
    }

    @Test func aBadStatementIsNamed() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        let error = #expect(throws: SQLiteError.self) { try database.prepare("SELECT a FROM nowhere") }
        #expect(error?.sql == "SELECT a FROM nowhere")
        #expect(error?.message == "no such table: nowhere")
    }

    @Test func aBrokenConstraintIsAnErrorAndTheStatementGoesOn() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        let insert = try database.prepare("INSERT INTO t VALUES (?)")
        try insert.bind(integer: 1, at: 1)
        try insert.run()
        let error = #expect(throws: SQLiteError.self) { try insert.run() }
        #expect(error?.isConstraint == true)
        try insert.bind(integer: 2, at: 1)
        try insert.run()
        #expect(try database.query("SELECT count(*) FROM t") { $0.integer(at: 0) } == 2)
    }

    @Test func aStatementOutlivesItsDatabase() throws {
        var database: SQLiteDatabase? = try SQLiteDatabase(path: ":memory:")
        let statement = try database?.prepareUncached("SELECT 41 + 1")
        database = nil
        #expect(try statement?.step() == true)
        #expect(statement?.integer(at: 0) == 42)
    }
}
