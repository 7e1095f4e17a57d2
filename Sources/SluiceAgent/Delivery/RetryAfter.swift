// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The header `Retry-After`: so many seconds, or a date.
///
/// Source: RFC 9110, sections 10.2.3 and 5.6.7, which has three ways to write a date.
package enum RetryAfter {
    /// How long is to be waited, in seconds, rounded up; nil if the text is neither.
    ///
    /// - Parameters:
    ///   - date: the answer's own `Date`, so that it does not matter whose clock is right.
    ///   - now: nanoseconds since 1970, where there is no such date.
    package static func seconds(_ text: String, date: String?, now: Int64) -> Int? {
        let words = text.split { $0 == " " || $0 == "\t" }
        if words.count == 1, let seconds = Int(words[0]) { return max(0, seconds) }
        guard let until = nanoseconds(text) else { return nil }
        let (wait, overflow) = until.subtractingReportingOverflow(date.flatMap { nanoseconds($0) } ?? now)
        guard !overflow, wait > 0 else { return 0 }
        return Int((wait - 1) / 1_000_000_000 + 1)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    private static func nanoseconds(_ text: String) -> Int64? {
        let words = text.split { [" ", "\t", ",", "-"].contains($0) }.map(String.init)
        let (day, month, year, time): (String, String, String, String)
        switch words.count {
        case 6 where words[5] == "GMT": (day, month, year, time) = (words[1], words[2], words[3], words[4])
        case 5: (month, day, time, year) = (words[1], words[2], words[3], words[4])
        default: return nil
        }
        guard let number = months.firstIndex(of: month), year.count == 4 || year.count == 2, (1...2).contains(day.count)
        else { return nil }
        // Years of two digits are of no server that is still about; those of the last century were.
        let century = year.count == 4 ? "" : year < "70" ? "20" : "19"
        let date = "\(century)\(year)-\(number < 9 ? "0" : "")\(number + 1)-\(day.count == 1 ? "0" : "")\(day)T\(time)Z"
        return date.withByteView { Timestamp.parse($0)?.nanoseconds }
    }
}
