// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A table of the `_cat` API, as text or as JSON.
struct CatTable {
    private var columns: [String]
    private var rows: [[String]]

    static func indices(_ targets: [SearchTarget]) -> CatTable {
        CatTable(
            columns: [
                "health", "status", "index", "uuid", "pri", "rep", "docs.count", "docs.deleted", "store.size",
                "pri.store.size", "dataset.size",
            ],
            rows: targets.map { target in
                let size = size(target.bytes)
                return [
                    "green", "open", target.concreteName, "\(target.id)", "1", "0", "\(target.documents)", "0", size,
                    size, size,
                ]
            }
        )
    }

    static func health(indices: Int, now: Int64) -> CatTable {
        let (seconds, clock) = clock(now)
        return CatTable(
            columns: [
                "epoch", "timestamp", "cluster", "status", "node.total", "node.data", "shards", "pri", "relo", "init",
                "unassign", "pending_tasks", "max_task_wait_time", "active_shards_percent",
            ],
            rows: [
                [
                    seconds, clock, "sluice", "green", "1", "1", "\(indices)", "\(indices)", "0", "0", "0", "0", "-",
                    "100.0%",
                ]
            ]
        )
    }

    static func count(_ targets: [SearchTarget], now: Int64) -> CatTable {
        let (seconds, clock) = clock(now)
        return CatTable(
            columns: ["epoch", "timestamp", "count"],
            rows: [[seconds, clock, "\(targets.reduce(0) { $0 + $1.documents })"]]
        )
    }

    private static func clock(_ now: Int64) -> (seconds: String, clock: String) {
        let arena = ByteArena(capacity: 64)
        Timestamp.write(now, fractionDigits: 0, to: arena)
        return ("\(now / 1_000_000_000)", String(arena.string.dropFirst(11).prefix(8)))
    }

    /// A size as Elasticsearch writes it: `230b`, `4.5kb`.
    private static func size(_ bytes: Int64) -> String {
        var value = Double(max(bytes, 0))
        var unit = 0
        while value >= 1024, unit < 4 {
            value /= 1024
            unit += 1
        }
        let tenths = Int((value * 10).rounded(.down))
        let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return text + ["b", "kb", "mb", "gb", "tb"][unit]
    }

    /// The columns asked for, in that order.
    private func chosen(_ names: String?) -> CatTable {
        guard let names, !names.isEmpty else { return self }
        let indexes = names.split(separator: ",").flatMap { pattern in
            columns.indices.filter { IndexName.matches(columns[$0], pattern: pattern) }
        }
        return CatTable(columns: indexes.map { columns[$0] }, rows: rows.map { row in indexes.map { row[$0] } })
    }

    func json(_ names: String?) -> JSONValue {
        let table = chosen(names)
        return .array(
            table.rows.map { row in
                .object(zip(table.columns, row).map { JSONValue.Member(key: $0, value: .string($1)) })
            }
        )
    }

    func text(_ names: String?, hasHeader: Bool) -> String {
        let table = chosen(names)
        let lines = (hasHeader ? [table.columns] : []) + table.rows
        let widths = table.columns.indices.map { column in lines.map { $0[column].utf8.count }.max() ?? 0 }
        return lines.map { line in
            zip(line, widths).map { text, width in
                text + String(repeating: " ", count: max(0, width - text.utf8.count))
            }.joined(separator: " ") + "\n"
        }.joined()
    }
}
