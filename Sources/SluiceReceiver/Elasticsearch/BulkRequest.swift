// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// A bulk request, read.
///
/// Sendable because the decoder hands it over whole and keeps nothing of it.
package final class BulkRequest: @unchecked Sendable {
    package enum Action: UInt8, Sendable {
        case create, index, update, delete

        package var name: StaticString {
            switch self {
            case .create: "create"
            case .index: "index"
            case .update: "update"
            case .delete: "delete"
            }
        }
    }

    package struct Item {
        package var action: Action
        /// In `indexNames`.
        package var index: Int
        /// In `keys`; empty if Elasticsearch is to make one.
        package var key: Range<Int>
        /// In `body`.
        package var source: Range<Int>
        /// `@timestamp` in nanoseconds.
        package var time: Int64?
        package var error: ElasticsearchError?
    }

    package let body: ByteArena
    /// Ids, unescaped.
    package let keys = ByteArena(capacity: 4096)
    package var indexNames: [String] = []
    package var items: [Item] = []

    package init(body: ByteArena) { self.body = body }
}
