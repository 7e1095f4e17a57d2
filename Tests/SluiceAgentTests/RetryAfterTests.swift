// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("How long a destination asks to be left alone")
struct RetryAfterTests {
    /// 1994-11-06T08:49:37Z.
    private static let now: Int64 = 784_111_777_000_000_000

    @Test(
        "Seconds, or a date in each of the three forms",
        arguments: [
            ("0", 0), ("7", 7), (" 120 ", 120), ("-3", 0),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10),
            ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:49:38 1994", 1),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Wed, 01 Jan 1992 00:00:00 GMT", 0),
            ("Mon, 07 Nov 1994 08:49:37 GMT", 86_400),
        ] as [(String, Int?)]
    )
    func read(text: String, seconds: Int?) {
        #expect(RetryAfter.seconds(text, date: nil, now: Self.now) == seconds)
    }

    @Test(
        "What is neither is nothing",
        arguments: [
            "", "soon", "1.5", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 94 25:00:00 GMT", "Sun, 06 Nov 1994", "a b c d e f",
            "99999999999999999999999", "Sun, 006 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37Z GMT",
        ]
    )
    func rubbish(text: String) {
        #expect(RetryAfter.seconds(text, date: nil, now: Self.now) == nil)
    }

    @Test("It counts from the answer's own date, and a part of a second is a second")
    func dates() {
        let until = "Sun, 06 Nov 1994 08:49:40 GMT"
        #expect(RetryAfter.seconds(until, date: "Sun, 06 Nov 1994 08:49:38 GMT", now: 0) == 2)
        #expect(RetryAfter.seconds(until, date: "yesterday", now: Self.now) == 3)
        #expect(RetryAfter.seconds(until, date: nil, now: Self.now + 1) == 3)
        #expect(RetryAfter.seconds(until, date: nil, now: Self.now + 2_000_000_001) == 1)
        #expect(RetryAfter.seconds(until, date: nil, now: .min) != nil)
    }
}
