// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Writes the answers to Loki's queries.
enum LokiResponse {
    /// Entries, grouped by their labels.
    ///
    /// - Parameter isCategorized: the flag `categorize-labels` was given: structured metadata and parsed labels stand
    ///   with each entry instead of among the stream's labels.
    static func streams(_ entries: [LogQuery.Entry], isCategorized: Bool) -> ByteArena {
        var order: [LabelSet] = []
        var groups: [LabelSet: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            let labels =
                isCategorized || entry.metadata.labels.isEmpty && entry.parsed.labels.isEmpty
                ? entry.stream : LabelSet(entry.stream.labels + entry.metadata.labels + entry.parsed.labels)
            if groups[labels] == nil { order.append(labels) }
            groups[labels, default: []].append(index)
        }
        let arena = ByteArena(capacity: 4096)
        arena.append("{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",")
        // Before the result: Grafana reads the answer in one pass, and must know by then how long a value is.
        if isCategorized { arena.append("\"encodingFlags\":[\"categorize-labels\"],") }
        arena.append("\"result\":[")
        for (position, labels) in order.enumerated() {
            if position > 0 { arena.append(UInt8(ascii: ",")) }
            arena.append("{\"stream\":")
            labels.write(to: arena)
            arena.append(",\"values\":[")
            for (number, index) in (groups[labels] ?? []).enumerated() {
                let entry = entries[index]
                if number > 0 { arena.append(UInt8(ascii: ",")) }
                arena.append("[\"")
                arena.append(decimal: entry.nanoseconds)
                arena.append("\",")
                entry.line.withByteView { _ = arena.appendJSONString($0) }
                if isCategorized {
                    arena.append(",{")
                    if !entry.metadata.labels.isEmpty {
                        arena.append("\"structuredMetadata\":")
                        entry.metadata.write(to: arena)
                    }
                    if !entry.parsed.labels.isEmpty {
                        if !entry.metadata.labels.isEmpty { arena.append(UInt8(ascii: ",")) }
                        arena.append("\"parsed\":")
                        entry.parsed.write(to: arena)
                    }
                    arena.append("}")
                }
                arena.append("]")
            }
            arena.append("]}")
        }
        arena.append("],\"stats\":{}}}")
        return arena
    }

    /// Samples over a time.
    static func matrix(_ series: [SampleSeries], grid: SampleGrid) -> ByteArena {
        let arena = ByteArena(capacity: 4096)
        arena.append("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[")
        var isFirst = true
        for one in sorted(series) where one.values.contains(where: { $0 != nil }) {
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            arena.append("{\"metric\":")
            one.labels.write(to: arena)
            arena.append(",\"values\":[")
            var isFirstSample = true
            for (index, value) in one.values.enumerated() {
                guard let value else { continue }
                if !isFirstSample { arena.append(UInt8(ascii: ",")) }
                isFirstSample = false
                sample(value, at: grid.instant(index), to: arena)
            }
            arena.append("]}")
        }
        arena.append("],\"stats\":{}}}")
        return arena
    }

    /// Samples at one time.
    static func vector(_ series: [SampleSeries], at instant: Int64) -> ByteArena {
        let arena = ByteArena(capacity: 4096)
        arena.append("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[")
        var isFirst = true
        for one in sorted(series) {
            guard let value = one.values.first ?? nil else { continue }
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            arena.append("{\"metric\":")
            one.labels.write(to: arena)
            arena.append(",\"value\":")
            sample(value, at: instant, to: arena)
            arena.append("}")
        }
        arena.append("],\"stats\":{}}}")
        return arena
    }

    static func scalar(_ value: Double, at instant: Int64) -> ByteArena {
        let arena = ByteArena(capacity: 256)
        arena.append("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":")
        sample(value, at: instant, to: arena)
        arena.append(",\"stats\":{}}}")
        return arena
    }

    private static func sorted(_ series: [SampleSeries]) -> [SampleSeries] {
        series.map { ($0, $0.labels.description) }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// `[1700000000.5,"3"]`
    private static func sample(_ value: Double, at instant: Int64, to arena: ByteArena) {
        arena.append(UInt8(ascii: "["))
        let milliseconds = Timestamp.floorDivide(instant, 1_000_000)
        let seconds = Timestamp.floorDivide(milliseconds, 1000)
        arena.append(decimal: seconds)
        if milliseconds != seconds * 1000 {
            arena.append(UInt8(ascii: "."))
            arena.append(decimal: Int(milliseconds - seconds * 1000), width: 3)
        }
        arena.append(",\"")
        arena.append(GoNumber.text(value))
        arena.append("\"]")
    }
}
