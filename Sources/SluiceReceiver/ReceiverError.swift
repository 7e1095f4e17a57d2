// SPDX-License-Identifier: Apache-2.0

package import SluiceSQLite

/// Why the receiver cannot start or go on; each says what to do.
package enum ReceiverError: Error, CustomStringConvertible {
    case noAddress
    case dataDirectory(path: String, reason: String)
    case dataDirectoryInUse(path: String)
    case newerSchema(path: String, version: Int64)
    case database(SQLiteError)
    case cannotListen(address: String, reason: String, isInUse: Bool)
    /// Of a certificate or key, in words.
    case tls(String)
    case noThread(code: Int32)
    case stopping

    package var description: String {
        switch self {
        case .noAddress:
            "the receiver has nothing to listen on: give it a Loki address, an Elasticsearch address, or both"
        case .dataDirectory(let path, let reason):
            "the data directory \(path) cannot be used: \(reason); name another with --data, or make this one a directory that this user can write"
        case .dataDirectoryInUse(let path):
            "the data directory \(path) is in use by another receiver: end that one, or name another directory with --data"
        case .newerSchema(let path, let version):
            "the database \(path) was written by a newer version (schema \(version)): use that version, or name another directory with --data"
        case .database(let error): error.description
        case .cannotListen(let address, let reason, let isInUse):
            isInUse
                ? "cannot listen on \(address): the port is in use; end the program that has it, or choose another port"
                : "cannot listen on \(address): \(reason); choose an address of this machine and a port that this user may open"
        case .tls(let reason):
            "TLS cannot be served: \(reason); check --tls-certificate, --tls-key and --tls-client-ca"
        case .noThread(let code):
            "the system gave no thread (error \(code)): raise its limit on threads"
        case .stopping: "the receiver is stopping; try again when it is back"
        }
    }
}
