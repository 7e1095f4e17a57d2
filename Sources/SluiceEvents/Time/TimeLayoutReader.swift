// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads one text by a layout.
struct TimeLayoutReader {
    private let text: ByteView
    private var position = 0
    private var year: Int?
    private var month = 1
    private var day = 1
    private var dayOfYear: Int?
    private var hour = 0
    private var halfDayHour = false
    private var isAfternoon: Bool?
    private var minute = 0
    private var second = 0
    private var nanosecond: Int64 = 0
    private var fractionDigits = 0
    /// Seconds east of UTC, where the text says it.
    private var offset: Int?

    private init(text: ByteView) { self.text = text }

    /// The time that the text is, or nil.
    ///
    /// - Parameters:
    ///   - zone: where the clocks are, if the text does not say how far they are from UTC.
    ///   - now: nanoseconds since 1970. Where the text has no year it is this one's, or the one before if that would be
    ///     more than a week ahead of it: a line of December that is read in January.
    static func read(_ text: ByteView, _ layout: TimeLayout, zone: TimeZoneRules, now: Int64) -> Timestamp.Parsed? {
        var reader = TimeLayoutReader(text: text)
        let elements = layout.elements
        for index in elements.indices {
            let next: TimeLayout.Element? = index + 1 < elements.count ? elements[index + 1] : nil
            guard reader.take(elements[index], next: next) else { return nil }
        }
        guard reader.position == text.count else { return nil }
        return reader.result(zone: zone, now: now)
    }

    private func result(zone: TimeZoneRules, now: Int64) -> Timestamp.Parsed? {
        if let year {
            return instant(year: year, zone: zone).map {
                Timestamp.Parsed(nanoseconds: $0, fractionDigits: fractionDigits)
            }
        }
        let seconds = Timestamp.floorDivide(now, 1_000_000_000)
        let today = Timestamp.floorDivide(seconds + Int64(zone.offset(at: seconds)), 86_400)
        let year = CivilDate(daysSinceEpoch: Int(today)).year
        let week: Int64 = 7 * 86_400 * 1_000_000_000
        var found = instant(year: year, zone: zone)
        if found.map({ $0 > now.addingReportingOverflow(week).partialValue }) ?? true {
            found = instant(year: year - 1, zone: zone) ?? found
        }
        return found.map { Timestamp.Parsed(nanoseconds: $0, fractionDigits: fractionDigits) }
    }

    private func instant(year: Int, zone: TimeZoneRules) -> Int64? {
        var date = CivilDate(year: year, month: month, day: day)
        if let dayOfYear {
            let january = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            date = CivilDate(daysSinceEpoch: january + dayOfYear - 1)
            guard date.year == year else { return nil }
        }
        var hour = hour
        if halfDayHour {
            guard hour <= 12 else { return nil }
            if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
        } else if isAfternoon == true, hour < 12 {
            hour += 12
        }
        func nanoseconds(offset: Int) -> Int64? {
            Timestamp.nanoseconds(
                year: date.year,
                month: date.month,
                day: date.day,
                hour: hour,
                minute: minute,
                second: second,
                nanosecond: nanosecond,
                offset: offset
            )
        }
        if let offset { return nanoseconds(offset: offset) }
        guard let local = nanoseconds(offset: 0) else { return nil }
        let seconds = Timestamp.floorDivide(local, 1_000_000_000)
        return nanoseconds(offset: zone.offset(atLocal: seconds))
    }

    // MARK: Pieces

    private mutating func take(_ element: TimeLayout.Element, next: TimeLayout.Element?) -> Bool {
        switch element {
        case .byte(let byte): return take(byte)
        case .space:
            guard position == text.count || text[position] == 0x20 else { return false }
            while take(0x20) {}
            return true
        case .year:
            guard let value = number(4...4) else { return false }
            year = value
        case .yearOfCentury:
            guard let value = number(2...2) else { return false }
            year = value + (value >= 69 ? 1900 : 2000)
        case .monthName, .monthAbbreviation:
            guard let index = TimeNames.month(text, &position, isWhole: element == .monthName) else { return false }
            month = index + 1
        case .weekdayName, .weekdayAbbreviation:
            return TimeNames.weekday(text, &position, isWhole: element == .weekdayName)
        case .month(let isFixed):
            guard let value = number(isFixed ? 2...2 : 1...2), (1...12).contains(value) else { return false }
            month = value
        case .day(let isFixed, let isPadded):
            if isPadded { _ = take(0x20) }
            guard let value = number(isFixed ? 2...2 : 1...2), (1...31).contains(value) else { return false }
            day = value
        case .dayOfYear(let isPadded):
            var padding = 0
            while isPadded, padding < 2, take(0x20) { padding += 1 }
            let digits = 3 - padding
            guard let value = number(digits...digits), (1...366).contains(value) else { return false }
            dayOfYear = value
        case .hour:
            guard let value = number(1...2), value < 24 else { return false }
            hour = value
        case .hourOfHalfDay(let isFixed):
            guard let value = number(isFixed ? 2...2 : 1...2), value <= 12 else { return false }
            hour = value
            halfDayHour = true
        case .halfDay(let isLowerCase):
            let bit: UInt8 = isLowerCase ? 0x20 : 0
            guard position + 2 <= text.count, text[position + 1] == UInt8(ascii: "M") | bit else { return false }
            switch text[position] {
            case UInt8(ascii: "A") | bit: isAfternoon = false
            case UInt8(ascii: "P") | bit: isAfternoon = true
            default: return false
            }
            position += 2
        case .minute(let isFixed):
            guard let value = number(isFixed ? 2...2 : 1...2), value < 60 else { return false }
            minute = value
        case .second(let isFixed):
            guard let value = number(isFixed ? 2...2 : 1...2), value < 60 else { return false }
            second = value
            // A fraction is read even where the layout has none.
            if case .fraction = next { return true }
            return isFraction ? takeFraction(exactly: nil) : true
        case .fraction(let digits):
            if digits > 0 { return takeFraction(exactly: Int(digits)) }
            return isFraction ? takeFraction(exactly: nil) : true
        case .zoneName: return takeZoneName()
        case .offset(let takesZ, let hasMinutes, let hasSeconds, let hasColons):
            if takesZ, take(UInt8(ascii: "Z")) {
                offset = 0
                return true
            }
            return takeOffset(hasMinutes: hasMinutes, hasSeconds: hasSeconds, hasColons: hasColons)
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- 0x30 < 10 }

    private mutating func number(_ length: ClosedRange<Int>) -> Int? {
        var value = 0
        var digits = 0
        while digits < length.upperBound, isDigit(position) {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
            digits += 1
        }
        return digits >= length.lowerBound ? value : nil
    }

    private var isFraction: Bool {
        position < text.count && (text[position] == UInt8(ascii: ".") || text[position] == UInt8(ascii: ","))
            && isDigit(position + 1)
    }

    /// Digits beyond the ninth are read and cut.
    private mutating func takeFraction(exactly wanted: Int?) -> Bool {
        guard isFraction else { return false }
        position += 1
        var digits = 0
        nanosecond = 0
        fractionDigits = 0
        while isDigit(position), digits < wanted ?? .max {
            if fractionDigits < 9 {
                nanosecond = nanosecond * 10 + Int64(text[position] - 0x30)
                fractionDigits += 1
            }
            position += 1
            digits += 1
        }
        for _ in fractionDigits..<9 { nanosecond *= 10 }
        return wanted.map { $0 == digits } ?? true
    }

    private mutating func takeZoneName() -> Bool {
        let start = position
        while position < text.count, (0x41...0x5a).contains(text[position]) { position += 1 }
        let name = text[start..<position]
        guard name == ByteView("UTC") || name == ByteView("GMT") || name == ByteView("Z") else { return false }
        if offset == nil { offset = 0 }
        return true
    }

    private mutating func takeOffset(hasMinutes: Bool, hasSeconds: Bool, hasColons: Bool) -> Bool {
        let isWest = position < text.count && text[position] == UInt8(ascii: "-")
        guard isWest || (position < text.count && text[position] == UInt8(ascii: "+")) else { return false }
        position += 1
        guard let hours = number(2...2), hours <= 24 else { return false }
        var total = hours * 3600
        for (isWanted, unit) in [(hasMinutes, 60), (hasSeconds, 1)] where isWanted {
            if hasColons, !take(UInt8(ascii: ":")) { return false }
            guard let value = number(2...2), value < 60 else { return false }
            total += value * unit
        }
        offset = isWest ? -total : total
        return true
    }
}
