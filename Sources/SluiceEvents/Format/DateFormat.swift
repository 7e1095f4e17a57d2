// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// A date written after a pattern: `yyyy.MM.dd`, `xxxx.ww`, `yyyy-MM-dd'T'HH`. Always UTC.
///
/// Source: the subset of Joda-Time's patterns that Beats knows: `yyyy`, `yy`, `xxxx` (week year), `MM`, `M`, `dd`, `d`,
/// `DDD` (day of year), `ww` (ISO week), `e` (day of week, Monday is 1), `HH`, `H`, `hh`, `mm`, `ss`, and text in
/// single quotes.
package struct DateFormat: Sendable {
    enum Part: Sendable, Equatable {
        case literal([UInt8])
        case number(Field, width: Int)
    }

    enum Field: Sendable {
        case year, yearOfCentury, weekYear, month, day, dayOfYear, week, dayOfWeek, hour, clockHour, minute, second
    }

    /// Why a pattern cannot be used.
    package struct Invalid: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    let parts: [Part]
    /// Whether the text changes within a day.
    let hasTimeOfDay: Bool

    package init(_ pattern: String) throws(Invalid) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        let bytes = Array(pattern.utf8)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            var run = 1
            while position + run < bytes.count, bytes[position + run] == byte { run += 1 }
            let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            if byte == UInt8(ascii: "'") {
                guard let (text, end) = Self.quoted(bytes, from: position + 1) else {
                    throw Invalid(description: "a quote in the date '\(pattern)' is not closed")
                }
                literal += text
                position = end
                continue
            }
            guard isLetter else {
                literal.append(byte)
                position += 1
                continue
            }
            let field: Field
            var width = run
            switch (byte, run) {
            case (UInt8(ascii: "y"), 2): field = .yearOfCentury
            case (UInt8(ascii: "y"), 1...9), (UInt8(ascii: "Y"), 1...9): field = .year
            case (UInt8(ascii: "x"), 1...9): field = .weekYear
            case (UInt8(ascii: "M"), 1...2): field = .month
            case (UInt8(ascii: "d"), 1...2): field = .day
            case (UInt8(ascii: "D"), 1...3): field = .dayOfYear
            case (UInt8(ascii: "w"), 1...2): field = .week
            case (UInt8(ascii: "e"), 1): field = .dayOfWeek
            case (UInt8(ascii: "H"), 1...2): field = .hour
            case (UInt8(ascii: "h"), 1...2): field = .clockHour
            case (UInt8(ascii: "m"), 1...2): field = .minute
            case (UInt8(ascii: "s"), 1...2): field = .second
            default:
                let letters = String(decoding: bytes[position..<(position + run)], as: UTF8.self)
                throw Invalid(
                    description:
                        "the date '\(pattern)' has '\(letters)', which is not supported: use yyyy, yy, MM, dd, DDD, "
                        + "xxxx, ww, e, HH, mm, ss, and text in single quotes"
                )
            }
            if field == .year, run == 1 { width = 4 }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(.number(field, width: width))
            position += run
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
        hasTimeOfDay = parts.contains { part in
            guard case .number(let field, _) = part else { return false }
            return [.hour, .clockHour, .minute, .second].contains(field)
        }
    }

    /// The text up to the closing quote, two quotes being one of it, and the place behind; a quote if there is none.
    private static func quoted(_ bytes: [UInt8], from start: Int) -> (text: [UInt8], end: Int)? {
        let quote = UInt8(ascii: "'")
        if start < bytes.count, bytes[start] == quote { return ([quote], start + 1) }
        var text: [UInt8] = []
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == quote {
                guard position < bytes.count, bytes[position] == quote else { return (text, position) }
                position += 1
            }
            text.append(byte)
        }
        return nil
    }

    /// Writes the date of an instant (nanoseconds since 1970).
    package func append(_ nanoseconds: Int64, to output: ByteArena) {
        let seconds = Timestamp.floorDivide(nanoseconds, 1_000_000_000)
        let days = Int(Timestamp.floorDivide(seconds, 86_400))
        let time = Int(seconds) - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        for part in parts {
            switch part {
            case .literal(let bytes): output.append(bytes)
            case .number(let field, let width):
                output.append(decimal: Self.value(field, date: date, days: days, time: time), width: width)
            }
        }
    }

    private static func value(_ field: Field, date: CivilDate, days: Int, time: Int) -> Int {
        switch field {
        case .year: date.year
        case .yearOfCentury: date.year % 100
        case .weekYear: isoWeek(days).year
        case .month: date.month
        case .day: date.day
        case .dayOfYear: days - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1
        case .week: isoWeek(days).week
        case .dayOfWeek: dayOfWeek(days) + 1
        case .hour: time / 3600
        case .clockHour: (time / 3600 + 11) % 12 + 1
        case .minute: time / 60 % 60
        case .second: time % 60
        }
    }

    /// Monday is 0. 1970-01-01 was a Thursday.
    private static func dayOfWeek(_ days: Int) -> Int { ((days + 3) % 7 + 7) % 7 }

    /// The week of ISO 8601: it belongs to the year its Thursday is in.
    private static func isoWeek(_ days: Int) -> (year: Int, week: Int) {
        let thursday = days - dayOfWeek(days) + 3
        let year = CivilDate(daysSinceEpoch: thursday).year
        return (year, (thursday - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch) / 7 + 1)
    }
}
