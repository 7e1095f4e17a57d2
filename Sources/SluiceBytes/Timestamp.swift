// SPDX-License-Identifier: Apache-2.0

/// Instants as nanoseconds since 1970-01-01T00:00:00Z, and their RFC 3339 text. Good from 1677-09-21 to 2262-04-11.
@usableFromInline
package enum Timestamp {
    /// A parsed time, and how fine its text was.
    package struct Parsed: Equatable, Sendable {
        package var nanoseconds: Int64
        /// Digits after the seconds that were written, 0 to 9. More are read and cut.
        package var fractionDigits: Int

        package init(nanoseconds: Int64, fractionDigits: Int) {
            self.nanoseconds = nanoseconds
            self.fractionDigits = fractionDigits
        }
    }

    /// Reads `2026-11-22T03:32:00[.123456789](Z|+01:00)` (RFC 3339, section 5.6).
    ///
    /// As most readers do it also takes a space for the `T`, lower case, a comma before the fraction, and offsets
    /// written `+0100` or `+01`. A leap second counts as the first of the next minute. Without any offset the text is
    /// not a time, unless `isZoneOptional`, when it is UTC.
    package static func parse(_ text: ByteView, isZoneOptional: Bool = false) -> Parsed? {
        guard text.count >= 19, text.count <= 64 else { return nil }
        func number(_ start: Int, _ length: Int) -> Int? {
            var value = 0
            for index in start..<(start + length) {
                guard index < text.count else { return nil }
                let digit = text[index] &- 0x30
                guard digit < 10 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 0x20,
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2)
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        var fractionDigits = 0
        if position < text.count, text[position] == UInt8(ascii: ".") || text[position] == UInt8(ascii: ",") {
            position += 1
            let start = position
            while position < text.count, text[position] &- 0x30 < 10 {
                if fractionDigits < 9 {
                    fraction = fraction * 10 + Int64(text[position] - 0x30)
                    fractionDigits += 1
                }
                position += 1
            }
            guard position > start else { return nil }
            for _ in fractionDigits..<9 { fraction *= 10 }
        }
        var offset = 0
        if position == text.count {
            guard isZoneOptional else { return nil }
        } else if text[position] | 0x20 == UInt8(ascii: "z") {
            position += 1
        } else {
            let isWest = text[position] == UInt8(ascii: "-")
            guard isWest || text[position] == UInt8(ascii: "+"), let hours = number(position + 1, 2), hours < 24 else {
                return nil
            }
            position += 3
            var minutes = 0
            if position < text.count {
                if text[position] == UInt8(ascii: ":") { position += 1 }
                guard let written = number(position, 2), written < 60 else { return nil }
                minutes = written
                position += 2
            }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        }
        guard position == text.count,
            let nanoseconds = nanoseconds(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                nanosecond: fraction,
                offset: offset
            )
        else { return nil }
        return Parsed(nanoseconds: nanoseconds, fractionDigits: fractionDigits)
    }

    /// The instant that a date and a time of day are, or nil if there is none such or it is out of range.
    ///
    /// - Parameter offset: seconds east of UTC.
    package static func nanoseconds(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int,
        nanosecond: Int64,
        offset: Int
    ) -> Int64? {
        guard (-9999...9999).contains(year), (1...12).contains(month), day >= 1, day <= daysInMonth(month, year: year),
            hour < 24, minute < 60,
            second <= 60, hour >= 0, minute >= 0, second >= 0
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        // Before 1970 the second of the earliest instant begins out of range: count up to its end, and back.
        let isBefore = seconds < 0 && nanosecond > 0
        let (product, tooLarge) = Int64(isBefore ? seconds + 1 : seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, alsoTooLarge) = product.addingReportingOverflow(isBefore ? nanosecond - 1_000_000_000 : nanosecond)
        return tooLarge || alsoTooLarge ? nil : sum
    }

    private static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Writes `2026-11-22T03:32:00.123456Z` with this many fraction digits (0 to 9; what is finer is cut).
    package static func write(_ nanoseconds: Int64, fractionDigits: Int, to arena: ByteArena) {
        let seconds = floorDivide(nanoseconds, 1_000_000_000)
        let fraction = nanoseconds &- seconds &* 1_000_000_000  // the product wraps in the first second there is
        let days = floorDivide(seconds, 86_400)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let time = Int(seconds - days * 86_400)
        arena.reserve(40)
        arena.append(decimal: date.year, width: 4)
        arena.append(UInt8(ascii: "-"))
        arena.append(decimal: date.month, width: 2)
        arena.append(UInt8(ascii: "-"))
        arena.append(decimal: date.day, width: 2)
        arena.append(UInt8(ascii: "T"))
        arena.append(decimal: time / 3600, width: 2)
        arena.append(UInt8(ascii: ":"))
        arena.append(decimal: time / 60 % 60, width: 2)
        arena.append(UInt8(ascii: ":"))
        arena.append(decimal: time % 60, width: 2)
        var cursor = ByteCursor(arena, room: 11)
        cursor.append(fraction: fraction, digits: fractionDigits)
        cursor.append(UInt8(ascii: "Z"))
        cursor.finish(arena)
    }

    @inlinable
    package static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

extension ByteCursor {
    /// Writes a point and the first digits (0 to 9) of so many nanoseconds, which are less than a second; nothing if no
    /// digit is wanted.
    @inline(__always)
    mutating func append(fraction nanoseconds: Int64, digits: Int) {
        guard digits > 0 else { return }
        append(UInt8(ascii: "."))
        let (upper, last) = UInt64(truncatingIfNeeded: nanoseconds).quotientAndRemainder(dividingBy: 10)
        append(word: DecimalWord.digits(upper) | 0x3030_3030_3030_3030, used: min(digits, 8))
        if digits > 8 { append(0x30 &+ UInt8(truncatingIfNeeded: last)) }
    }
}
