// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a push brought, after everything that can be said without looking at the store.
///
/// Sendable because the decoder hands it over whole and keeps nothing of it.
final class LokiPush: @unchecked Sendable {
    struct Entry {
        var nanoseconds: Int64
        /// In `text`.
        var lineStart: UInt32
        var lineEnd: UInt32
        /// A JSON object in `text`; empty if there is none.
        var metadataStart: UInt32
        var metadataEnd: UInt32
        /// Of line and metadata.
        var hash: UInt64
    }

    struct Stream {
        var labels: StreamLabels
        var entries: Range<Int>
    }

    let tenant: String
    let text: ByteArena
    var streams: [Stream] = []
    var entries: [Entry] = []
    /// What was refused; the rest is stored all the same.
    var errors: [String] = []
    /// How many entries that were.
    var refusedEntries = 0

    init(tenant: String, text: ByteArena) {
        self.tenant = tenant
        self.text = text
    }

    func line(_ entry: Entry) -> ByteView { text.view(entry.lineStart, entry.lineEnd) }
    func metadata(_ entry: Entry) -> ByteView { text.view(entry.metadataStart, entry.metadataEnd) }
}
