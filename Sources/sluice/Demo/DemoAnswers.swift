// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver

/// Asks the backend a few questions as anybody could, and shows the commands and the answers.
struct DemoAnswers {
    let loki: LokiBackend
    let elasticsearch: ElasticsearchBackend
    let screen: Screen

    func show(hasPlainLog: Bool) async throws {
        screen.print()
        screen.heading("Loki, asked in LogQL: how many lines of each level?")
        let levels = loki.instant("sum by (level) (count_over_time({service=\"mlops-api\"}[\(loki.window)]))")
        let counts = (try await ask(levels)["data"]?["result"]?.elements ?? []).compactMap { element in
            LokiBackend.sample(element).map { (element["metric"]?["level"]?.text ?? "-", $0) }
        }
        for (level, count) in counts.sorted(by: { $0.1 > $1.1 }) {
            screen.print("    " + Figures.left(level, 8) + Figures.right(Figures.count(count), 9))
        }

        screen.print()
        screen.heading("Loki: the two newest errors")
        let errors = try await ask(loki.newest("{service=\"mlops-api\", level=\"ERROR\"}", limit: 2))
        for entry in LokiBackend.entries(errors).reversed() { show(error: entry.line) }

        if hasPlainLog {
            screen.print()
            screen.heading("Loki: the two newest lines of the plain-text log that say 'installed'")
            let lines = try await ask(loki.newest("{service=\"dpkg\"} |= \" installed \"", limit: 2))
            for entry in LokiBackend.entries(lines).reversed() { screen.print("    " + entry.line) }
        }

        screen.print()
        screen.heading("Elasticsearch, searched: the slowest predictions")
        let slowest = try await ask(
            elasticsearch.search(
                """
                {"size":3,"query":{"exists":{"field":"execution_time"}},"sort":[{"execution_time":"desc"}],\
                "_source":["@timestamp","execution_time","request_id","user_id"]}
                """
            )
        )
        for source in ElasticsearchBackend.sources(slowest) {
            let time = source["execution_time"]?.text ?? "-"
            screen.print(
                "    \(Self.clock(source["@timestamp"]?.text))  \(Figures.right(time, 8)) ms"
                    + "  request \(source["request_id"]?.text ?? "-")  user \(source["user_id"]?.text ?? "-")"
            )
        }
    }

    private func ask(_ question: BackendQuestion) async throws -> JSONValue {
        screen.print("  $ " + question.curl)
        return try await BackendClient.ask(question)
    }

    private func show(error line: String) {
        let record = line.withByteView { try? JSONValue.parse($0) }
        screen.print(
            "    \(Self.clock(record?["@timestamp"]?.text ?? record?["timestamp"]?.text))"
                + "  \(record?["message"]?.text ?? line): \(record?["exception"]?["message"]?.text ?? "-")"
                + "  (request \(record?["request_id"]?.text ?? "-"))"
        )
    }

    /// The time of day in an RFC 3339 time, in UTC.
    private static func clock(_ time: String?) -> String {
        guard let time, time.utf8.count >= 23 else { return time ?? "-" }
        return String(time.dropFirst(11).prefix(12)) + "Z"
    }
}
