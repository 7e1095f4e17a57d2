// SPDX-License-Identifier: Apache-2.0

/// What befalls every destination that is reached by HTTP, whatever it speaks.
enum HTTPRows {
    typealias Row = VerdictRow<HTTPFault>

    private static let page = "<html><title>Sign in</title></html>"
    private static let html = ["Content-Type: text/html"]

    /// Statuses that are said three times, and then no more.
    static func statuses(hold: [Int], retry: [Int]) -> [Row] {
        hold.map { Row("\($0) of the whole request holds", .receiver(["status=\($0),first=3"]), .hold($0)) }
            + retry.map { Row("\($0) is tried again", .receiver(["status=\($0),first=3"]), .retry("HTTP \($0)")) }
    }

    /// Statuses that say that a request is too large, or has something bad in it: its halves go through.
    static let halves = [400, 413].map { status in
        Row("\(status) of the whole request is halved", .receiver(["status=\(status),first=3"]), .split)
    }

    /// Bad events that make the whole request bad, and are found by halving.
    static let poison = [
        Row("400 bisects to the bad events", .refused(400), .deadLetter(400), poison: .word),
        Row(
            "503, and then each event is refused",
            .relay { number, _ in .instead(.status(number == 0 ? 503 : 400, "no")) },
            VerdictExpectation(complaints: [.retry("HTTP 503")], letters: .some(400))
        ),
        Row("413 down to one event", .tooLarge(over: 2500), .deadLetter(413), poison: .length),
    ]

    /// How long a destination wants to be left alone.
    static let patience = [
        Row(
            "Retry-After in seconds",
            .first(1, .status(429, "", headers: ["Retry-After: 1"])),
            .retryAfter(.seconds(1))
        ),
        Row(
            "Retry-After as a date of the server's clock",
            .first(
                1,
                .status(
                    429,
                    "",
                    headers: ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT"]
                )
            ),
            .retryAfter(.seconds(1))
        ),
        Row(
            "Retry-After as a date that has gone by",
            .first(2, .status(429, "", headers: ["Retry-After: Sunday, 06-Nov-94 08:49:37 GMT"])),
            .retry("HTTP 429")
        ),
        Row(
            "Retry-After that is none",
            .first(2, .status(429, "", headers: ["Retry-After: soon"])),
            .retry("HTTP 429")
        ),
    ]

    /// Something that is not the destination.
    static let strangers = [
        Row(
            "302 to a page",
            .first(2, .status(302, page, headers: html + ["Location: http://127.0.0.1:9/"])),
            .hold(302)
        ),
        Row("403 with a proxy's page", .first(2, .status(403, page, headers: html)), .hold(403)),
        Row("502 with a proxy's page", .first(2, .status(502, page, headers: html)), .retry("HTTP 502: <html>")),
        Row(
            "503 and then 401: a person is asked for all the same",
            .relay { number, _ in
                number < 2 ? .instead(.status(503, "")) : number < 4 ? .instead(.status(401, "")) : .pass
            },
            VerdictExpectation(complaints: [.retry("HTTP 503"), .hold(401)])
        ),
    ]

    /// Answers that end too early, or are none. Nothing was taken.
    static let broken = [
        Row("closed without an answer", .first(2, .raw("")), .retry("gave no answer")),
        Row("closed in the head", .first(2, .raw("HTTP/1.1 200 OK\r\nContent-Le")), .retry("gave no answer")),
        Row(
            "closed in the answer",
            .first(2, .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"errors\":false,")),
            .retry("gave no answer")
        ),
        Row("rubbish instead of HTTP", .first(2, .raw("SSH-2.0-OpenSSH_9.2\r\n")), .retry("gave no answer")),
        Row(
            "a negative length",
            .first(2, .raw("HTTP/1.1 204 No Content\r\nContent-Length: -5\r\n\r\n")),
            .retry("gave no answer")
        ),
        Row("102 and no more", .first(2, .raw("HTTP/1.1 102 Processing\r\n\r\n")), .retry("gave no answer")),
        Row(
            "101, which nobody asked for",
            .first(2, .raw("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
            .hold(101)
        ),
        Row("no answer in time", .first(2, .hang), .retry("longer than the timeout"), options: ["timeout: 200ms"]),
    ]
}
