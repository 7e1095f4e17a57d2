// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// A minute before 06 Nov 1994 08:49:37 GMT, the date that RFC 9110 has for an example.
    private static let now: Int64 = 784_111_777 - 60

    @Test(
        "Seconds, and dates in the three forms of RFC 9110",
        arguments: [
            ("0", 0), ("120", 120), ("  7 ", 7), ("99999999999999999999", .max),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 60), ("Sunday, 06-Nov-94 08:49:37 GMT", 60),
            ("Sun Nov  6 08:49:37 1994", 60), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 925_139_483),
            ("", nil), ("-5", nil), ("1.5", nil), ("soon", nil), ("Sun, 06 Nov 1994 08:49:37", nil),
            ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sun, 06 Nix 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov +199 08:49:37 GMT", nil), ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int?)]
    )
    func forms(text: String, seconds: Int?) { #expect(RetryAfter.seconds(text, now: Self.now) == seconds) }
}
