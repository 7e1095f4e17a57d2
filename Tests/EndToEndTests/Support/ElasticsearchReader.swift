// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads everything that an Elasticsearch has, through its API.
struct ElasticsearchReader {
    let port: Int

    func count(_ index: String) throws -> Int {
        let answer = try HTTPClient.get(port, "/\(index)/_count")
        if answer.status == 404 { return 0 }
        guard let count = try HTTPClient.object(answer, "_count")["count"] as? Int else {
            throw HTTPClient.Failure(description: "_count: \(answer.text.prefix(300))")
        }
        return count
    }

    /// The sources of all documents, page by page.
    func documents(_ index: String, query: String = #"{"match_all":{}}"#) throws -> [[String: Any]] {
        let size = 2000
        var documents: [[String: Any]] = []
        while true {
            let page = try self.page(index, query: query, from: documents.count, size: size)
            documents += page
            if page.count < size { return documents }
        }
    }

    private func page(_ index: String, query: String, from: Int, size: Int) throws -> [[String: Any]] {
        let answer = try HTTPClient.post(
            port,
            "/\(index)/_search",
            json: #"{"query":\#(query),"from":\#(from),"size":\#(size),"sort":[{"@timestamp":"asc"}]}"#
        )
        if answer.status == 404 { return [] }
        let object = try HTTPClient.object(answer, "_search")
        guard let hits = (object["hits"] as? [String: Any])?["hits"] as? [[String: Any]] else {
            throw HTTPClient.Failure(description: "_search: no hits in \(answer.text.prefix(300))")
        }
        return hits.compactMap { $0["_source"] as? [String: Any] }
    }
}
