// SPDX-License-Identifier: Apache-2.0

import Testing

/// The verdict table, for Logstash: what can come back for a window of events.
@Suite("Verdicts: Logstash", .serialized) struct LogstashVerdictTests {
    typealias Row = VerdictRow<LumberjackDestination.Script>

    /// - Parameter steps: what is done about the first window, which has 50 events.
    private static func first(
        _ steps: @autoclosure @escaping @Sendable () -> [LumberjackServer.Step]
    ) -> LumberjackDestination.Script {
        { window in window.number == 0 ? steps() : [.acknowledge(window.events.count)] }
    }

    static let rows: [Row] = [
        Row("all acknowledged", { [.acknowledge($0.events.count)] }, .delivered),
        Row(
            "acknowledged little by little, with signs of life",
            { [.acknowledge(0), .acknowledge(1), .acknowledge(0), .acknowledge($0.events.count)] },
            .delivered
        ),
        Row("closed without a word", first([.close]), .retry("it closed the connection")),
        Row("a part acknowledged, and closed", first([.acknowledge(20), .close]), .retry("it closed the connection")),
        Row(
            "an acknowledgement that goes back",
            first([.acknowledge(20), .acknowledge(10), .close]),
            .retry("it closed the connection")
        ),
        Row(
            "half an acknowledgement",
            first([.raw(Array("2A\0\0".utf8)), .close]),
            .retry("it closed the connection")
        ),
        Row(
            "more acknowledged than was sent",
            first([.raw(LumberjackServer.acknowledgement(51)), .hang]),
            .retry("it acknowledged event 51 of a window of 50")
        ),
        Row(
            "another frame",
            first([.raw(Array("2W\0\0\0\u{1}".utf8)), .hang]),
            .retry("it sent a frame of type 'W'")
        ),
        Row(
            "an answer of HTTP",
            first([.raw(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)), .hang]),
            .retry("it sent a frame of version 'H'")
        ),
        Row("nothing in time", first([.hang]), .retry("it took longer than the timeout"), options: ["timeout: 300ms"]),
        Row(
            "a part, and nothing in time",
            first([.acknowledge(7), .hang]),
            .retry("it took longer than the timeout"),
            options: ["timeout: 300ms"]
        ),
        Row(
            "every third window is cut, two are on their way",
            { window in
                let count = window.events.count
                guard window.number % 3 == 0, count > 1 else { return [.acknowledge(count)] }
                return [.acknowledge(window.number * 7 % count), .close]
            },
            .retry("", isRecurring: true)
        ),
    ]

    @Test(arguments: rows)
    func row(_ row: Row) async throws {
        try await VerdictRun.run(row) { try LumberjackDestination($1) }
    }
}
