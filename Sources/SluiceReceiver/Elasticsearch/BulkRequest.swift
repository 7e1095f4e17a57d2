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
        /// In `indexes`.
        package var index: Int
        /// In `keys`; empty if Elasticsearch is to make one.
        package var key: Range<Int>
        /// In `body`.
        package var source: Range<Int>
        /// `@timestamp` in nanoseconds.
        package var time: Int64?
        package var error: ElasticsearchError?
    }

    /// An index that items name. What its name says is found out once, not for each item.
    package struct Index {
        package let name: String
        /// What is wrong with the name.
        package let problem: String?
        package let isDataStream: Bool

        init(_ name: String, isDataStream: Bool) {
            self.name = name
            problem = IndexName.problem(name)
            self.isDataStream = isDataStream
        }
    }

    package let body: ByteArena
    /// Ids, unescaped.
    package let keys = ByteArena(capacity: 4096)
    package var indexes: [Index] = []
    package var items: [Item] = []

    package init(body: ByteArena) { self.body = body }
}
