// SPDX-License-Identifier: Apache-2.0

/// The two sides of the receiver.
enum Destination: String, CaseIterable, Sendable {
    case loki, elasticsearch

    /// A query for what has come after a row, in the order of arrival.
    var query: String {
        switch self {
        case .loki: "SELECT id, line FROM entries WHERE id > ? ORDER BY id"
        case .elasticsearch: "SELECT id, source FROM documents WHERE id > ? ORDER BY id"
        }
    }
}
