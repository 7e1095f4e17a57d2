// SPDX-License-Identifier: Apache-2.0

/// Finds the pieces of a layout in its text.
struct TimeLayoutScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Words that stand for a piece; of two that fit the longer one comes first.
    private static let words: [(text: String, element: TimeLayout.Element)] = [
        ("January", .monthName), ("Monday", .weekdayName), ("MST", .zoneName),
        ("2006", .year), ("002", .dayOfYear(isPadded: false)), ("__2", .dayOfYear(isPadded: true)),
        ("01", .month(isFixed: true)), ("02", .day(isFixed: true, isPadded: false)),
        ("03", .hourOfHalfDay(isFixed: true)), ("04", .minute(isFixed: true)), ("05", .second(isFixed: true)),
        ("06", .yearOfCentury), ("15", .hour), ("PM", .halfDay(isLowerCase: false)),
        ("pm", .halfDay(isLowerCase: true)),
        ("-07:00:00", .offset(takesZ: false, hasMinutes: true, hasSeconds: true, hasColons: true)),
        ("-07:00", .offset(takesZ: false, hasMinutes: true, hasSeconds: false, hasColons: true)),
        ("-070000", .offset(takesZ: false, hasMinutes: true, hasSeconds: true, hasColons: false)),
        ("-0700", .offset(takesZ: false, hasMinutes: true, hasSeconds: false, hasColons: false)),
        ("-07", .offset(takesZ: false, hasMinutes: false, hasSeconds: false, hasColons: false)),
        ("Z07:00:00", .offset(takesZ: true, hasMinutes: true, hasSeconds: true, hasColons: true)),
        ("Z07:00", .offset(takesZ: true, hasMinutes: true, hasSeconds: false, hasColons: true)),
        ("Z070000", .offset(takesZ: true, hasMinutes: true, hasSeconds: true, hasColons: false)),
        ("Z0700", .offset(takesZ: true, hasMinutes: true, hasSeconds: false, hasColons: false)),
        ("Z07", .offset(takesZ: true, hasMinutes: false, hasSeconds: false, hasColons: false)),
        ("1", .month(isFixed: false)), ("2", .day(isFixed: false, isPadded: false)),
        ("3", .hourOfHalfDay(isFixed: false)), ("4", .minute(isFixed: false)), ("5", .second(isFixed: false)),
    ]

    mutating func scan() -> [TimeLayout.Element] {
        var elements: [TimeLayout.Element] = []
        while position < bytes.count {
            if let element = next() {
                elements.append(element)
            } else if bytes[position] == UInt8(ascii: " ") {
                if elements.last != .space { elements.append(.space) }
                position += 1
            } else {
                elements.append(.byte(bytes[position]))
                position += 1
            }
        }
        return elements
    }

    private mutating func next() -> TimeLayout.Element? {
        if let element = fraction() { return element }
        // `Jan` and `Mon` are names only where no lower-case letter goes on: `Janet` is text.
        for (name, element) in [("Jan", TimeLayout.Element.monthAbbreviation), ("Mon", .weekdayAbbreviation)]
        where isNext(name) && !isNext(name == "Jan" ? "January" : "Monday") {
            let after = position + 3
            if after < bytes.count, (0x61...0x7a).contains(bytes[after]) { return nil }
            position = after
            return element
        }
        // `_2` is a day, but `_2006` an underscore and a year.
        if isNext("_2006") { return nil }
        if isNext("_2") {
            position += 2
            return .day(isFixed: false, isPadded: true)
        }
        for (text, element) in Self.words where isNext(text) {
            position += text.utf8.count
            return element
        }
        return nil
    }

    /// `.000`, `,999`: a point or comma and equal digits, with no other digit behind them.
    private mutating func fraction() -> TimeLayout.Element? {
        guard bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: ","), position + 1 < bytes.count
        else { return nil }
        let digit = bytes[position + 1]
        guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9") else { return nil }
        var end = position + 1
        while end < bytes.count, bytes[end] == digit { end += 1 }
        if end < bytes.count, bytes[end] &- 0x30 < 10 { return nil }
        let count = end - position - 1
        guard count <= 64 else { return nil }
        position = end
        return .fraction(digits: digit == UInt8(ascii: "0") ? UInt8(count) : 0)
    }

    private func isNext(_ text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }
}
