// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// Deletes what is too old, and what arrived first when there is too much; a step at a time.
///
/// Deleted space is used again before the file grows; the file itself does not shrink. Sendable because the writer's
/// thread alone uses it.
final class Retention: @unchecked Sendable {
    /// Rows deleted in one transaction: some tens of milliseconds.
    static let rowsPerStep: Int64 = 5000

    private let configuration: Receiver.Configuration
    private var nextLook: Int64

    init(configuration: Receiver.Configuration) {
        self.configuration = configuration
        nextLook = configuration.now()
    }

    /// Deletes one step's worth if it is time to look; false if there is nothing (more) to do for now.
    func step(_ session: WriteSession) throws -> Bool {
        guard configuration.retentionSeconds != nil || configuration.retentionBytes != nil else { return false }
        let now = configuration.now()
        guard now >= nextLook else { return false }
        var isMore = false
        if let seconds = configuration.retentionSeconds {
            let cutoff = now - Int64(clamping: seconds) &* 1_000_000_000
            isMore = try session.deleteEntries(before: cutoff, limit: Self.rowsPerStep)
            if !isMore { isMore = try session.deleteDocuments(arrivedUpTo: cutoff / 1000, limit: Self.rowsPerStep) }
        }
        if !isMore, let limit = configuration.retentionBytes {
            isMore = try session.usedBytes() > Int64(limit) && session.deleteOldest(limit: Self.rowsPerStep)
        }
        if !isMore { nextLook = now + Int64(configuration.retentionInterval) * 1_000_000_000 }
        return isMore
    }
}
