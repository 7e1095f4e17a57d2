// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Finds the first or last entries of a span of time that a selector selects.
struct LogQuery {
    struct Entry {
        var nanoseconds: Int64
        /// Tells entries of one nanosecond apart, in the order of their arrival.
        var id: Int64
        var line: [UInt8]
        /// Of the stream, as they are after the pipeline.
        var stream: LabelSet
        var metadata: LabelSet
        var parsed: LabelSet
    }

    let database: SQLiteDatabase
    let tenant: String
    let selector: LogSelector
    /// Nanoseconds; the end is not part of it.
    let span: Range<Int64>
    let limit: Int
    let isForward: Bool

    /// At most `limit` entries, in the direction asked for.
    func run() throws -> [Entry] {
        guard limit > 0, !span.isEmpty else { return [] }
        var deadline = QueryDeadline()
        let pipeline = EntryPipeline(selector.stages)
        var found: [Entry] = []
        /// When there are enough, what is beyond the worst of them is of no use.
        var bound: Int64?
        let order = isForward ? "ASC" : "DESC"
        let select = try database.prepare(
            """
            SELECT ns, id, line, metadata FROM entries
            WHERE stream = ? AND ns >= ? AND ns < ? ORDER BY ns \(order), id \(order)
            """
        )
        defer { select.reset() }
        for stream in try StoredStream.all(tenant: tenant, matchers: selector.matchers, in: database) {
            pipeline.begin(stream.labels)
            select.reset()
            try select.bind(integer: stream.id, at: 1)
            try select.bind(integer: span.lowerBound, at: 2)
            try select.bind(integer: span.upperBound, at: 3)
            var taken = 0
            while taken < limit, try select.step() {
                try deadline.check()
                let time = select.integer(at: 0)
                if let bound, isForward ? time > bound : time < bound { break }
                let line = select.bytes(at: 2)
                guard try pipeline.process(line, metadata: select.bytes(at: 3)) else { continue }
                taken += 1
                found.append(
                    Entry(
                        nanoseconds: time,
                        id: select.integer(at: 1),
                        line: line.array,
                        stream: pipeline.streamLabels,
                        metadata: pipeline.metadataLabels,
                        parsed: pipeline.parsedLabels
                    )
                )
            }
            if found.count > limit {
                sort(&found)
                found.removeLast(found.count - limit)
            }
            if found.count == limit {
                bound = isForward ? found.map(\.nanoseconds).max() : found.map(\.nanoseconds).min()
            }
        }
        sort(&found)
        return found
    }

    private func sort(_ entries: inout [Entry]) {
        if isForward {
            entries.sort { ($0.nanoseconds, $0.id) < ($1.nanoseconds, $1.id) }
        } else {
            entries.sort { ($0.nanoseconds, $0.id) > ($1.nanoseconds, $1.id) }
        }
    }
}
