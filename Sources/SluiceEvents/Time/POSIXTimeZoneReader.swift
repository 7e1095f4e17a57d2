// SPDX-License-Identifier: Apache-2.0

/// Takes the text of `TZ` apart, piece by piece.
struct POSIXTimeZoneReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    func isNext(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && UInt32(bytes[position]) == character.value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isNext(character) else { return false }
        position += 1
        return true
    }

    /// `CET` or `<+0330>`.
    mutating func skipName() -> Bool {
        let start = position
        if take("<") {
            while position < bytes.count, !isNext(">") { position += 1 }
            return take(">")
        }
        while position < bytes.count, (0x61...0x7a).contains(bytes[position] | 0x20) { position += 1 }
        return position - start >= 3
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int? {
        let isNegative = isNext("-")
        if isNegative || isNext("+") { position += 1 }
        guard var seconds = number(167).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] where take(":") {
            guard let part = number(59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `M3.5.0/2`, `J60` or `59`.
    mutating func change() -> YearlyTimeZoneRule.Change? {
        let day: YearlyTimeZoneRule.Change.Day
        if take("M") {
            guard let month = number(12), month > 0, take("."), let week = number(5), week > 0, take("."),
                let weekday = number(6)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if take("J") {
            guard let number = number(365), number > 0 else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(365) else { return nil }
            day = .dayOfYear(number)
        }
        guard take("/") else { return YearlyTimeZoneRule.Change(day: day, time: 7200) }
        return offset().map { YearlyTimeZoneRule.Change(day: day, time: $0) }
    }

    private mutating func number(_ limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10, position - start < 4 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return position > start && value <= limit ? value : nil
    }
}
