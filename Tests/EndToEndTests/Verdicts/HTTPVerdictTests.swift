// SPDX-License-Identifier: Apache-2.0

import Testing

/// The verdict table, for the output `http`. What it posts has no ids, so that nothing here is stored without a word.
@Suite("Verdicts: http", .serialized) struct HTTPVerdictTests {
    typealias Row = VerdictRow<HTTPFault>

    static let statuses =
        [301, 401, 403, 404, 405, 418].map { Row("\($0) holds", .first(2, .status($0, "no")), .hold($0)) }
        + [408, 425, 429, 500, 503].map {
            Row("\($0) is tried again", .first(2, .status($0, "no")), .retry("HTTP \($0)"))
        }
        + [400, 413, 422].map { Row("\($0) is halved", .first(3, .status($0, "no")), .split) }
        + [400, 422].map { Row("\($0) bisects to the bad events", .refused($0), .deadLetter($0), poison: .word) }

    static let own: [Row] = [
        Row("204", .first(0, .good), .delivered),
        Row("413 down to one event", .tooLarge(over: 2500), .deadLetter(413), poison: .length),
    ]

    @Test(arguments: statuses + own + HTTPRows.strangers + HTTPRows.broken)
    func row(_ row: Row) async throws {
        try await VerdictRun.run(row) { try PlainDestination($1) }
    }
}
