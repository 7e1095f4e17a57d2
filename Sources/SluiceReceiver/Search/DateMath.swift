// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Times as searches write them: a date, `now`, and either with `+1h`, `-2d` and `/d` behind it.
///
/// Source: Elasticsearch's "common options", date math.
package enum DateMath {
    /// Nanoseconds since 1970, or nil if the text is no time.
    ///
    /// - Parameter roundsUp: `/d` means the last millisecond of the day, not its first.
    package static func nanoseconds(_ text: String, now: Int64, roundsUp: Bool) -> Int64? {
        if text.hasPrefix("now") { return apply(text.dropFirst(3), to: now, roundsUp: roundsUp) }
        if let range = text.firstRange(of: "||") {
            guard let time = String(text[..<range.lowerBound]).withByteView({ DateText.nanoseconds($0) }) else {
                return nil
            }
            return apply(text[range.upperBound...], to: time, roundsUp: roundsUp)
        }
        return text.withByteView { DateText.nanoseconds($0) }
    }

    private static func apply(_ math: Substring, to start: Int64, roundsUp: Bool) -> Int64? {
        var time = start
        var rest = math
        while let sign = rest.first {
            rest = rest.dropFirst()
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let unit = rest[digits.endIndex...].first else { return nil }
            rest = rest[digits.endIndex...].dropFirst()
            switch sign {
            case "/":
                guard digits.isEmpty, let rounded = round(time, unit, up: roundsUp) else { return nil }
                time = rounded
            case "+", "-":
                guard let count = digits.isEmpty ? 1 : Int(digits), count < 1_000_000,
                    let moved = add(sign == "-" ? -count : count, unit, to: time)
                else { return nil }
                time = moved
            default: return nil
            }
        }
        return time
    }

    /// Of units that are always as long.
    package static func length(of unit: Character) -> Int64? {
        switch unit {
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h", "H": 3_600_000_000_000
        case "d": 86_400_000_000_000
        case "w": 604_800_000_000_000
        default: nil
        }
    }

    private static func add(_ count: Int, _ unit: Character, to time: Int64) -> Int64? {
        if let length = length(of: unit) {
            let (product, isTooLarge) = length.multipliedReportingOverflow(by: Int64(count))
            let (sum, isAlsoTooLarge) = time.addingReportingOverflow(product)
            return isTooLarge || isAlsoTooLarge ? nil : sum
        }
        guard unit == "M" || unit == "y" else { return nil }
        let day: Int64 = 86_400_000_000_000
        let days = Timestamp.floorDivide(time, day)
        var date = CivilDate(daysSinceEpoch: Int(days))
        let months = date.year * 12 + date.month - 1 + count * (unit == "y" ? 12 : 1)
        date.year = Int(Timestamp.floorDivide(Int64(months), 12))
        date.month = months - date.year * 12 + 1
        let next = CivilDate(
            year: date.month == 12 ? date.year + 1 : date.year,
            month: date.month == 12 ? 1 : date.month + 1,
            day: 1
        )
        let first = CivilDate(year: date.year, month: date.month, day: 1)
        date.day = min(date.day, next.daysSinceEpoch - first.daysSinceEpoch)
        guard abs(date.year - 1970) < 280 else { return nil }
        return Int64(date.daysSinceEpoch) * day + (time - days * day)
    }

    /// The start of the unit that a time is in, or its last millisecond.
    package static func round(_ time: Int64, _ unit: Character, up: Bool) -> Int64? {
        let day: Int64 = 86_400_000_000_000
        let start: Int64
        switch unit {
        case "s", "m", "h", "H", "d":
            guard let length = length(of: unit) else { return nil }
            start = Timestamp.floorDivide(time, length) * length
        case "w":
            // Weeks begin on Mondays; 1970-01-01 was a Thursday.
            let days = Timestamp.floorDivide(time, day)
            start = (Timestamp.floorDivide(days + 3, 7) * 7 - 3) * day
        case "M", "y":
            var date = CivilDate(daysSinceEpoch: Int(Timestamp.floorDivide(time, day)))
            date.day = 1
            if unit == "y" { date.month = 1 }
            start = Int64(date.daysSinceEpoch) * day
        default: return nil
        }
        return up ? add(1, unit, to: start).map { $0 - 1_000_000 } : start
    }
}
