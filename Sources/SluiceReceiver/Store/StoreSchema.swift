// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// The tables.
///
/// A row's id is the microsecond of its arrival, raised by one where that is taken: so ids tell the order of arrival,
/// and what arrived before a time is a range of ids.
enum StoreSchema {
    static let version: Int32 = 2

    /// `entries.copy` tells apart entries that have the same hash, or that are meant to be kept twice. `labels` is a
    /// JSON object with its keys in order; `metadata` is one too, or null. `documents.time` is `@timestamp` in
    /// nanoseconds, or null. `indexes.stream` is 1 for a data stream and 0 for an index; null, from before, means that the
    /// name tells. `assets` are templates, policies and pipelines, as JSON.
    private static let statements = """
        CREATE TABLE streams (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            labels TEXT NOT NULL,
            UNIQUE (tenant, labels)
        );
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY,
            stream INTEGER NOT NULL,
            ns INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            copy INTEGER NOT NULL,
            line BLOB NOT NULL,
            metadata BLOB
        );
        CREATE UNIQUE INDEX entries_by_time ON entries (stream, ns, hash, copy);
        CREATE TABLE indexes (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            stream INTEGER
        );
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            container INTEGER NOT NULL,
            time INTEGER,
            version INTEGER NOT NULL,
            key BLOB NOT NULL,
            source BLOB NOT NULL
        );
        CREATE UNIQUE INDEX documents_by_key ON documents (container, key);
        CREATE INDEX documents_by_time ON documents (container, time);
        """ + assets

    private static let assets = """
        CREATE TABLE assets (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        """

    /// From version 1 to 2.
    private static let upgrade = "ALTER TABLE indexes ADD COLUMN stream INTEGER;\n" + assets

    /// Makes the tables in a new database, and what is missing in an older one.
    static func prepare(_ database: SQLiteDatabase) throws {
        let found = try database.userVersion()
        guard found <= Int64(version) else {
            throw ReceiverError.newerSchema(path: database.path, version: found)
        }
        guard found < Int64(version) else { return }
        try database.transaction {
            try database.execute(found == 0 ? statements : upgrade)
            try database.setUserVersion(version)
        }
    }
}
