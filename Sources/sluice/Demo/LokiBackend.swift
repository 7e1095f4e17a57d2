// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver

/// Loki's query API.
struct LokiBackend: DemoBackend {
    let name = "Loki"
    /// `http://127.0.0.1:3100`
    let address: String
    /// What queries that count look back, in LogQL; it covers the whole demo.
    let window: String

    private static let farAway: Int64 = 3_600_000_000_000

    func count() async throws -> Int { try await count("{service=\"mlops-api\"}") }

    func plainCount() async throws -> Int { try await count("{service=\"dpkg\"}") }

    private func count(_ selector: String) async throws -> Int {
        let question = instant("sum(count_over_time(\(selector)[\(window)]))")
        return try await BackendClient.ask(question)["data"]?["result"]?.elements?.first.flatMap(Self.sample) ?? 0
    }

    /// The value of one element of a vector.
    static func sample(_ element: JSONValue) -> Int? { element["value"]?.elements?.last?.integer }

    func page(from time: Int64, limit: Int) async throws -> [ArrivedLine] {
        let question = BackendQuestion(
            url: address + "/loki/api/v1/query_range",
            parameters: [
                "query": "{service=\"mlops-api\"}", "start": "\(time)",
                "end": "\(max(time, SystemClock.now()) + Self.farAway)", "limit": "\(limit)", "direction": "forward",
            ]
        )
        return Self.entries(try await BackendClient.ask(question)).map { entry in
            let sequence = entry.line.withByteView { try? JSONValue.parse($0)["sequence"]?.integer }
            return ArrivedLine(time: entry.time, sequence: sequence ?? nil)
        }
    }

    /// An instant query.
    func instant(_ query: String) -> BackendQuestion {
        BackendQuestion(url: address + "/loki/api/v1/query", parameters: ["query": query])
    }

    /// The newest lines that a selector selects.
    func newest(_ query: String, limit: Int) -> BackendQuestion {
        BackendQuestion(
            url: address + "/loki/api/v1/query_range",
            parameters: ["query": query, "since": window, "limit": "\(limit)"]
        )
    }

    /// The entries of an answer, the oldest first, whatever streams they are grouped in.
    static func entries(_ answer: JSONValue) -> [(time: Int64, line: String)] {
        var entries: [(time: Int64, line: String)] = []
        for stream in answer["data"]?["result"]?.elements ?? [] {
            for value in stream["values"]?.elements ?? [] {
                guard let time = value.elements?.first?.text.flatMap({ Int64($0) }),
                    let line = value.elements?.dropFirst().first?.text
                else { continue }
                entries.append((time, line))
            }
        }
        return entries.sorted { $0.time < $1.time }
    }
}
