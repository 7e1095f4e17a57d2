// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads everything that a Loki has, through its API.
struct LokiReader {
    struct Entry: Equatable {
        let nanoseconds: Int64
        let line: String
        let labels: [String: String]
    }

    let port: Int

    /// All entries of the streams that a selector takes, page by page, oldest first.
    func entries(_ selector: String, limit: Int = 5000) throws -> [Entry] {
        let now = Int64(Date().timeIntervalSince1970 * 1e9)
        var start = now - 7 * 86_400_000_000_000
        let end = now + 3_600_000_000_000
        var entries: [Entry] = []
        while true {
            let page = try self.page(selector, start: start, end: end, limit: limit)
            guard page.count == limit, let last = page.last?.nanoseconds else { return entries + page }
            // More entries of the last nanosecond may be on the next page: it is asked for as a whole.
            let complete = page.filter { $0.nanoseconds < last }
            guard !complete.isEmpty else {
                throw HTTPClient.Failure(description: "\(limit) entries of one nanosecond do not fit on a page")
            }
            entries += complete
            start = last
        }
    }

    func page(_ selector: String, start: Int64, end: Int64, limit: Int) throws -> [Entry] {
        let answer = try HTTPClient.get(
            port,
            "/loki/api/v1/query_range",
            [
                ("query", selector), ("start", String(start)), ("end", String(end)), ("limit", String(limit)),
                ("direction", "forward"),
            ]
        )
        let object = try HTTPClient.object(answer, "query_range")
        let data = object["data"] as? [String: Any]
        guard let streams = data?["result"] as? [[String: Any]] else {
            throw HTTPClient.Failure(description: "query_range: no result in \(answer.text.prefix(300))")
        }
        var entries: [Entry] = []
        for stream in streams {
            let labels = stream["stream"] as? [String: String] ?? [:]
            for value in stream["values"] as? [[Any]] ?? [] {
                guard let time = value.first as? String, let nanoseconds = Int64(time),
                    let line = value.dropFirst().first as? String
                else { throw HTTPClient.Failure(description: "query_range: a strange value \(value)") }
                entries.append(Entry(nanoseconds: nanoseconds, line: line, labels: labels))
            }
        }
        return entries.sorted { $0.nanoseconds < $1.nanoseconds }
    }
}
