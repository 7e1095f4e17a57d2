// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads the header `Retry-After`: seconds, or a date.
///
/// Source: RFC 9110, 10.2.3, and 5.6.7 for the three forms of a date.
package enum RetryAfter {
    /// For how many seconds the server wants to be left alone; nil if the text is none of these.
    ///
    /// - Parameter now: seconds since 1970.
    package static func seconds(_ text: String, now: Int64) -> Int? {
        let text = text.trimmed
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Int(text) ?? .max }
        return date(text).map { Int(max(0, $0 - now)) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`, in seconds since
    /// 1970.
    private static func date(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        let parts: (day: Substring, month: Substring, year: Substring, time: Substring)
        if words.count == 6, words[5] == "GMT" {
            parts = (words[1], words[2], words[3], words[4])
        } else if words.count == 5 {
            parts = (words[2], words[1], words[4], words[3])
        } else {
            return nil
        }
        let clock = parts.time.split(separator: ":").compactMap { number($0, upTo: 60) }
        guard let month = months.firstIndex(where: { $0 == parts.month }), let day = number(parts.day, upTo: 31),
            day > 0,
            var year = number(parts.year, upTo: 9999), clock.count == 3
        else { return nil }
        // Two digits are those of this century or, later on, of the next.
        if parts.year.count == 2 { year += year < 70 ? 2000 : 1900 }
        let days = CivilDate(year: year, month: month + 1, day: day).daysSinceEpoch
        return Int64(days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    private static func number(_ text: Substring, upTo limit: Int) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { $0 <= limit ? $0 : nil }
    }
}
