// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// What a push brought, after everything that can be said without looking at the store.
///
/// Sendable because the decoder hands it over whole and keeps nothing of it.
package final class LokiPush: @unchecked Sendable {
    package struct Entry {
        package var nanoseconds: Int64
        /// In `text`.
        package var lineStart: UInt32
        package var lineEnd: UInt32
        /// A JSON object in `text`; empty if there is none.
        package var metadataStart: UInt32
        package var metadataEnd: UInt32
        /// Of line and metadata.
        package var hash: UInt64
    }

    package struct Stream {
        package var labels: StreamLabels
        package var entries: Range<Int>
    }

    package let tenant: String
    package let text: ByteArena
    package var streams: [Stream] = []
    package var entries: [Entry] = []
    /// What was refused; the rest is stored all the same.
    package var errors: [String] = []
    /// The answer, if a fault was asked for and refused something.
    var fault: HTTPReply?
    /// How many entries that were.
    package var refusedEntries = 0

    package init(tenant: String, text: ByteArena) {
        self.tenant = tenant
        self.text = text
    }

    package func line(_ entry: Entry) -> ByteView { text.view(entry.lineStart, entry.lineEnd) }
    package func metadata(_ entry: Entry) -> ByteView { text.view(entry.metadataStart, entry.metadataEnd) }
}
