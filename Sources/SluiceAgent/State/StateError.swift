// SPDX-License-Identifier: Apache-2.0

package import SluiceSQLite

/// Why the state cannot be used.
package enum StateError: Error, CustomStringConvertible {
    case directory(path: String, reason: String)
    case locked(path: String)
    case newerSchema(path: String, version: Int)
    case olderSchema(path: String, version: Int)
    case deadLettersInUse(path: String)
    case database(SQLiteError)

    package var description: String {
        switch self {
        case .directory(let path, let reason):
            "the state directory '\(path)' cannot be used: \(reason); choose another with --state or change its owner"
        case .locked(let path):
            "the state in '\(path)' belongs to an agent that is running; stop it, or choose another with --state"
        case .newerSchema(let path, let version):
            "'\(path)' was written by a newer Sluice (schema \(version)); use that version, or another state directory"
        case .olderSchema(let path, let version):
            "'\(path)' was written by an older Sluice (schema \(version)); run this version's agent on it once"
        case .deadLettersInUse(let path):
            "another 'sluice deadletters' is at work on the dead letters in '\(path)': wait until it has ended"
        case .database(let error): error.description
        }
    }
}
