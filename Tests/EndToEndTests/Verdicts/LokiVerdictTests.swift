// SPDX-License-Identifier: Apache-2.0

import Testing

/// The verdict table, for Loki: a row for each answer that it, or something before it, can give.
@Suite("Verdicts: Loki", .serialized) struct LokiVerdictTests {
    typealias Row = VerdictRow<HTTPFault>

    /// 260 is Loki's own, for a tenant whose ingestion is blocked; the status is configurable, and can be 200.
    static let statuses = HTTPRows.statuses(
        hold: [200, 260, 299, 301, 401, 403, 404, 405, 418],
        retry: [408, 425, 429, 500, 502, 503, 504]
    )

    static let own: [Row] = [
        Row("204", .receiver([]), .delivered),
        Row("422 of the whole request is halved", .receiver(["status=422,first=3"]), .split),
        Row("422 bisects to the bad events", .refused(422), .deadLetter(422), poison: .word),
        Row("a partial 400: the good lines are stored once", .receiver(["item=400,rate=0.2,first=1"]), .split),
        Row("a partial 400 for lines too far behind", .receiver([]), .deadLetter(400), poison: .age),
        Row(
            "a partial 429, for a stream",
            .receiver(["item=429,rate=0.9,first=3"]),
            .retry("HTTP 429", isRecurring: true)
        ),
        Row(
            "204 that hides a stream that was refused",
            .receiver(["item=204,rate=0.5"]),
            .retry("HTTP 429", isRecurring: true),
            options: ["strict: true"]
        ),
        Row("200 with a proxy's page", .receiver(["content=<html>sign in</html>,first=2"]), .hold(200)),
        Row("200 without a word", .firstChanged(99) { _, _ in .status(200, "") }, .delivered),
        Row(
            "100, and then 204",
            .firstChanged(99) { _, _ in
                .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            },
            .delivered
        ),
    ]

    /// What is stored though nobody says so is sent again, and Loki drops it.
    static let unsaid: [Row] = [
        Row("stored, and 500", .receiver(["status=500,stored,first=2"]), .retry("HTTP 500")),
        Row("reset in the middle of the body", .receiver(["reset,first=2"]), .retry("gave no answer")),
        Row("stored, and reset", .receiver(["half,first=2"]), .retry("gave no answer")),
        Row(
            "stored, and no answer in time",
            .receiver(["delay=2s,first=1"]),
            .retry("longer than the timeout"),
            options: ["timeout: 200ms"]
        ),
        Row(
            "now this and now that",
            .receiver(["status=503,rate=0.2", "reset,rate=0.2", "half,rate=0.2", "item=429,rate=0.2"]),
            .retry("", isRecurring: true)
        ),
    ]

    @Test(arguments: statuses + HTTPRows.halves + own + unsaid)
    func row(_ row: Row) async throws { try await run(row) }

    @Test(arguments: HTTPRows.poison + HTTPRows.patience + HTTPRows.strangers + HTTPRows.broken)
    func anyDestination(_ row: Row) async throws { try await run(row) }

    private func run(_ row: Row) async throws {
        try await VerdictRun.run(row) { try await ReceiverDestination(.loki, folder: $0, $1) }
    }
}
