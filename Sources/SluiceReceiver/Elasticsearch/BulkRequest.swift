// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A bulk request, read.
///
/// Sendable because the decoder hands it over whole and keeps nothing of it.
final class BulkRequest: @unchecked Sendable {
    enum Action: UInt8, Sendable {
        case create, index, update, delete

        var name: StaticString {
            switch self {
            case .create: "create"
            case .index: "index"
            case .update: "update"
            case .delete: "delete"
            }
        }
    }

    struct Item {
        var action: Action
        /// In `indexNames`.
        var index: Int
        /// In `keys`; empty if Elasticsearch is to make one.
        var key: Range<Int>
        /// In `body`.
        var source: Range<Int>
        /// `@timestamp` in nanoseconds.
        var time: Int64?
        var error: ElasticsearchError?
    }

    let body: ByteArena
    /// Ids, unescaped.
    let keys = ByteArena(capacity: 4096)
    var indexNames: [String] = []
    var items: [Item] = []

    init(body: ByteArena) { self.body = body }
}
