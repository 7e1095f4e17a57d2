// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Times as Loki's query parameters have them.
package enum LokiTimeParameter {
    /// Nanoseconds since 1970: a text of at most ten digits is seconds, one with a point is seconds with a fraction,
    /// other digits are nanoseconds; RFC 3339 is understood, too. Nil if it is none of them.
    package static func nanoseconds(_ text: String) -> Int64? {
        if text.contains("."), let seconds = Double(text), abs(seconds) < 9e9 {
            // The fraction is read as text, because a double has no room for nanoseconds.
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let digits = parts.count == 2 ? parts[1].prefix(9) : ""
            if let whole = Int64(parts[0]), whole >= 0, let fraction = Int64(digits.isEmpty ? "0" : digits) {
                var nanoseconds = fraction
                for _ in digits.count..<9 { nanoseconds *= 10 }
                return whole * 1_000_000_000 + nanoseconds
            }
            return Int64(seconds * 1e9)
        }
        if let number = Int64(text) {
            return text.utf8.count <= 10 ? number * 1_000_000_000 : number
        }
        return text.withByteView { Timestamp.parse($0)?.nanoseconds }
    }

    /// Nanoseconds of a step or interval: seconds, with a fraction or not, or a duration.
    package static func duration(_ text: String) -> Int64? {
        if let seconds = Double(text), seconds.isFinite, abs(seconds) < 9e9 { return Int64(seconds * 1e9) }
        return DurationText.nanoseconds(text)
    }
}
