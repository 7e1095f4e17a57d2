// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver

/// Elasticsearch's search API.
struct ElasticsearchBackend: DemoBackend {
    let name = "Elasticsearch"
    /// `http://127.0.0.1:9200`
    let address: String

    func count() async throws -> Int { try await count("logs-mlops-api-*") }

    func plainCount() async throws -> Int { try await count("logs-dpkg-*") }

    private func count(_ index: String) async throws -> Int {
        try await BackendClient.ask(BackendQuestion(url: "\(address)/\(index)/_count"))["count"]?.integer ?? 0
    }

    func page(from time: Int64, limit: Int) async throws -> [ArrivedLine] {
        let arena = ByteArena(capacity: 64)
        Timestamp.write(time, fractionDigits: 9, to: arena)
        let question = search(
            """
            {"size":\(limit),"track_total_hits":false,"_source":["@timestamp","sequence"],\
            "query":{"range":{"@timestamp":{"gte":"\(arena.string)"}}},"sort":[{"@timestamp":"asc"}]}
            """
        )
        return Self.sources(try await BackendClient.ask(question)).compactMap { source in
            guard let text = source["@timestamp"]?.text,
                let time = text.withByteView({ Timestamp.parse($0)?.nanoseconds })
            else { return nil }
            return ArrivedLine(time: time, sequence: source["sequence"]?.integer)
        }
    }

    /// A search over the service's documents.
    func search(_ body: String) -> BackendQuestion {
        BackendQuestion(url: "\(address)/logs-mlops-api-*/_search", body: body)
    }

    /// The documents of an answer.
    static func sources(_ answer: JSONValue) -> [JSONValue] {
        (answer["hits"]?["hits"]?.elements ?? []).compactMap { $0["_source"] }
    }
}
