// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// The tables of `state.db`, by version.
enum StateSchema {
    /// Each step brings a database from the version of its place to the next.
    static let migrations: [String] = [
        """
        CREATE TABLE generations (
            row INTEGER PRIMARY KEY,
            identifier TEXT NOT NULL UNIQUE,
            path TEXT NOT NULL,
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            head_length INTEGER NOT NULL,
            head_hash INTEGER NOT NULL,
            anchor_offset INTEGER,
            anchor_length INTEGER,
            anchor_hash INTEGER,
            updated INTEGER NOT NULL
        );
        CREATE TABLE progress (
            generation INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
            output TEXT NOT NULL,
            offset INTEGER NOT NULL,
            PRIMARY KEY (generation, output)
        ) WITHOUT ROWID;
        CREATE TABLE beyond (
            generation INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
            output TEXT NOT NULL,
            range_start INTEGER NOT NULL,
            range_end INTEGER NOT NULL,
            PRIMARY KEY (generation, output, range_start)
        ) WITHOUT ROWID;
        CREATE TABLE under_way (
            generation INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
            range_start INTEGER NOT NULL,
            range_end INTEGER NOT NULL,
            time INTEGER NOT NULL,
            time_offset INTEGER NOT NULL,
            PRIMARY KEY (generation, range_start)
        ) WITHOUT ROWID;
        CREATE TABLE dead_letters (
            number INTEGER PRIMARY KEY,
            output TEXT NOT NULL,
            identifier TEXT NOT NULL,
            path TEXT NOT NULL,
            offset INTEGER NOT NULL,
            time INTEGER NOT NULL,
            status INTEGER NOT NULL,
            reason TEXT NOT NULL,
            text BLOB NOT NULL,
            UNIQUE (output, identifier)
        );
        """,
        """
        CREATE TABLE queues (
            name TEXT PRIMARY KEY,
            generation INTEGER NOT NULL UNIQUE REFERENCES generations ON DELETE CASCADE,
            range_end INTEGER NOT NULL,
            cursor TEXT
        ) WITHOUT ROWID;
        CREATE TABLE queued (
            generation INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
            range_start INTEGER NOT NULL,
            range_end INTEGER NOT NULL,
            time INTEGER NOT NULL,
            records BLOB NOT NULL,
            PRIMARY KEY (generation, range_start)
        );
        """,
        // Events that a timeout or the end of their file has ended.
        """
        CREATE TABLE forced (
            generation INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
            range_start INTEGER NOT NULL,
            range_end INTEGER NOT NULL,
            PRIMARY KEY (generation, range_start, range_end)
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE file_marks (
            generation INTEGER PRIMARY KEY REFERENCES generations ON DELETE CASCADE,
            anchors TEXT NOT NULL,
            modified INTEGER NOT NULL,
            compressed_size INTEGER NOT NULL,
            compressed_modified INTEGER NOT NULL,
            text_size INTEGER NOT NULL
        );
        """,
        // What it takes to send a dead letter again, and sums that cost nothing to ask for and are right whoever deletes.
        """
        ALTER TABLE dead_letters ADD COLUMN input TEXT NOT NULL DEFAULT '';
        ALTER TABLE dead_letters ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dead_letters ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE dead_letters ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dead_letters ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
        UPDATE dead_letters SET size = length(text) + 2 * length(identifier) + length(CAST(path AS BLOB))
            + length(CAST(reason AS BLOB)) + 102;
        CREATE TABLE dead_letter_totals (
            output TEXT PRIMARY KEY,
            letters INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            dropped INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO dead_letter_totals SELECT output, count(*), sum(size), 0 FROM dead_letters GROUP BY output;
        CREATE TRIGGER dead_letter_kept AFTER INSERT ON dead_letters BEGIN
            INSERT INTO dead_letter_totals SELECT new.output, 0, 0, 0
                WHERE NOT EXISTS (SELECT 1 FROM dead_letter_totals WHERE output = new.output);
            UPDATE dead_letter_totals SET letters = letters + 1, bytes = bytes + new.size WHERE output = new.output;
        END;
        CREATE TRIGGER dead_letter_changed AFTER UPDATE OF size ON dead_letters BEGIN
            UPDATE dead_letter_totals SET bytes = bytes + new.size - old.size WHERE output = new.output;
        END;
        CREATE TRIGGER dead_letter_gone AFTER DELETE ON dead_letters BEGIN
            UPDATE dead_letter_totals SET letters = letters - 1, bytes = bytes - old.size WHERE output = old.output;
        END;
        """,
    ]

    /// Brings the database to the newest version.
    static func migrate(_ database: SQLiteDatabase) throws {
        let version = try Int(database.userVersion())
        guard version <= migrations.count else {
            throw StateError.newerSchema(path: database.path, version: version)
        }
        for step in version..<migrations.count {
            try database.transaction {
                try database.execute(migrations[step])
                try database.setUserVersion(Int32(step + 1))
            }
        }
    }
}
