// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The verdict table, for Elasticsearch: a row for each answer to a bulk request, and for each status of an item.
@Suite("Verdicts: Elasticsearch", .serialized) struct ElasticsearchVerdictTests {
    typealias Row = VerdictRow<HTTPFault>

    static let statuses = HTTPRows.statuses(
        hold: [301, 401, 403, 404, 405, 418, 422],
        retry: [408, 425, 429, 500, 502, 503, 504]
    )

    /// In the answer to the first request, or to the first three.
    static let items: [Row] = [
        Row("every item 201", .receiver([]), .delivered),
        Row(
            "item 408",
            .receiver(["item=408,rate=0.3,first=3"]),
            .retry("an item was answered with 408", isRecurring: true)
        ),
        Row(
            "item 429",
            .receiver(["item=429,rate=0.3,first=3"]),
            .retry("an item was answered with 429", isRecurring: true)
        ),
        Row(
            "item 503",
            .receiver(["item=503,rate=0.3,first=3"]),
            .retry("an item was answered with 503", isRecurring: true)
        ),
        Row("every item 503", .receiver(["item=503,first=3"]), .retry("an item was answered with 503")),
        Row("item 400", .receiver([]), .deadLetter(400), poison: .field),
        Row("item 400 of any", .receiver(["item=400,rate=0.1"]), VerdictExpectation(letters: .some(400))),
        Row("every item 400", .receiver(["item=400,first=1"]), VerdictExpectation(letters: .some(400))),
        Row("item 418", .receiver(["item=418,rate=0.2,first=1"]), VerdictExpectation(letters: .some(418))),
        Row("every item 401", .receiver(["item=401,first=3"]), .hold(401)),
        Row("every item 403", .receiver(["item=403,first=3"]), .hold(403)),
        Row("every item 404", .receiver(["item=404,first=3"]), .hold(404)),
        Row("item 403 beside others that are taken", .receiver(["item=403,rate=0.3,first=1"]), .hold(403)),
        Row(
            "taken, and put into the failure store",
            .firstChanged(1) { status, body in
                .status(status, body.replacing(#""status":201"#, with: #""failure_store":"used","status":201"#))
            },
            VerdictExpectation(redirected: 50)
        ),
    ]

    /// What is stored though nobody says so is sent again, and answered with 409.
    static let unsaid: [Row] = [
        Row("item 409", .receiver(["status=500,stored,first=1"]), .alreadyThere(50...50, "HTTP 500")),
        Row("half a reply", .receiver(["half,first=1"]), .alreadyThere(50...50, "gave no answer")),
        Row("reset in the middle of the body", .receiver(["reset,first=2"]), .retry("gave no answer")),
        Row(
            "stored, and no answer in time",
            .receiver(["delay=2s,first=1"]),
            .alreadyThere(50...50, "longer than the timeout"),
            options: ["timeout: 200ms"]
        ),
        Row("200 that is empty", .firstChanged(1) { _, _ in .status(200, "") }, .alreadyThere(50...50, "is not JSON")),
        Row(
            "200 without items",
            .firstChanged(1) { _, _ in .status(200, "{}") },
            .alreadyThere(50...50, "no 'errors'")
        ),
        Row(
            "200 with no items",
            .firstChanged(1) { _, _ in .status(200, #"{"errors":false,"items":[]}"#) },
            .alreadyThere(50...50, "0 items came back for 50 documents")
        ),
        Row(
            "200 with an item too few",
            .firstChanged(1) { _, _ in .status(200, ScriptedServer.bulkAnswer(Array(repeating: 201, count: 49))) },
            .alreadyThere(50...50, "49 items came back for 50 documents")
        ),
        Row(
            "200 with an item too many",
            .firstChanged(1) { _, _ in .status(200, ScriptedServer.bulkAnswer(Array(repeating: 201, count: 51))) },
            .alreadyThere(50...50, "51 items came back for 50 documents")
        ),
        Row(
            "200 whose items say nothing",
            .firstChanged(1) { _, body in
                .status(200, body.replacing(#""status":201"#, with: #""result":"created""#))
            },
            .alreadyThere(50...50, "an item of the answer to a bulk request cannot be read")
        ),
        Row(
            "200 with a proxy's page",
            .receiver(["content=<html>sign in</html>,first=2"]),
            .retry("is not JSON: '<html>")
        ),
        Row("299 with an error", .receiver(["status=299,first=2"]), .retry("has no 'errors' and 'items'")),
        Row(
            "100, and then the answer",
            .firstChanged(99) { _, body in
                .raw(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
            },
            .delivered
        ),
        Row(
            "now this and now that",
            .receiver(["status=503,rate=0.2", "reset,rate=0.2", "half,rate=0.2", "item=429,rate=0.2"]),
            VerdictExpectation(complaints: [.retry("")], isRecurring: true, duplicates: 0...300),
            options: ["workers: 3"]
        ),
    ]

    @Test(arguments: statuses + HTTPRows.halves + items + unsaid)
    func row(_ row: Row) async throws { try await run(row) }

    @Test(arguments: HTTPRows.poison + HTTPRows.patience + HTTPRows.strangers + HTTPRows.broken)
    func anyDestination(_ row: Row) async throws { try await run(row) }

    private func run(_ row: Row) async throws {
        try await VerdictRun.run(row) { try await ReceiverDestination(.elasticsearch, folder: $0, $1) }
    }
}
