// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// A stream in the database.
struct StoredStream {
    var id: Int64
    var labels: LabelSet

    /// A tenant's streams that all matchers match, in the order of their labels.
    static func all(
        tenant: String,
        matchers: [LabelMatcher],
        in database: SQLiteDatabase
    ) throws -> [StoredStream] {
        let select = try database.prepare("SELECT id, labels FROM streams WHERE tenant = ? ORDER BY labels")
        defer { select.reset() }
        try select.bind(text: tenant, at: 1)
        var streams: [StoredStream] = []
        while try select.step() {
            let labels = LabelSet(json: select.bytes(at: 1))
            var isMatch = true
            for matcher in matchers where isMatch { isMatch = try matcher.matches(labels[matcher.name] ?? "") }
            if isMatch { streams.append(StoredStream(id: select.integer(at: 0), labels: labels)) }
        }
        return streams
    }

    /// Whether it has an entry in a span of time.
    func hasEntries(in span: Range<Int64>, _ database: SQLiteDatabase) throws -> Bool {
        let select = try database.prepare("SELECT 1 FROM entries WHERE stream = ? AND ns >= ? AND ns < ? LIMIT 1")
        defer { select.reset() }
        try select.bind(integer: id, at: 1)
        try select.bind(integer: span.lowerBound, at: 2)
        try select.bind(integer: span.upperBound, at: 3)
        return try select.step()
    }
}
