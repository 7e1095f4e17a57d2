// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceSQLite

/// State that SQLite cannot read. An agent whose inputs can be read again goes on without it: lines come twice rather
/// than not at all. What is left of it stays for a person.
enum DamagedState {
    /// Gives `state.db` another name, and what belongs to it.
    static func setAside(directory: String, reason: SQLiteError, logger: Logger) throws(StateError) {
        let path = directory + "/state.db"
        var number = 1
        while unsafe access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
        let name = "\(path).damaged-\(number)"
        guard unsafe rename(path, name) == 0 else {
            throw .directory(
                path: directory,
                reason: unsafe "'state.db' is damaged, and cannot be set aside (\(String(cString: strerror(errno))))"
            )
        }
        for suffix in ["-wal", "-shm"] { unsafe rename(path + suffix, name + suffix) }
        logger.error(
            "the state is damaged and was set aside: files are read again, and what was sent may arrive twice",
            metadata: [
                "path": "\(path)", "to": "\(name)", "reason": "\(reason.message)",
                "hint": "progress and dead letters are in what was set aside; look at the disk",
            ]
        )
    }
}
