// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// An index or data stream, as the writer remembers it.
final class IndexState {
    let id: Int64
    let name: String
    let isDataStream: Bool
    /// The name in responses: for a data stream that of its backing index.
    let concreteName: String
    var documents: Int64
    var bytes: Int64
    /// The next `_seq_no`.
    var sequence: Int64
    var isChanged = false

    /// - Parameter created: microseconds since 1970.
    init(id: Int64, name: String, isDataStream: Bool, created: Int64, documents: Int64, bytes: Int64, sequence: Int64) {
        self.id = id
        self.name = name
        self.documents = documents
        self.bytes = bytes
        self.sequence = sequence
        self.isDataStream = isDataStream
        concreteName = Self.concreteName(name, isDataStream: isDataStream, created: created)
    }

    static func concreteName(_ name: String, isDataStream: Bool, created: Int64) -> String {
        guard isDataStream else { return name }
        let arena = ByteArena(capacity: 64)
        Timestamp.write(created * 1000, fractionDigits: 0, to: arena)
        let day = String(arena.string.prefix(10).map { $0 == "-" ? "." : $0 })
        return ".ds-\(name)-\(day)-000001"
    }
}
