// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A way to write times, as Go's `time` package lays it out: `02/Jan/2006:15:04:05 -0700`.
///
/// Source: the documentation of `Layout` and `Parse` in Go's `time` (https://pkg.go.dev/time#pkg-constants). As there,
/// a fraction after the seconds is read even where the layout has none, and one space stands for any number. Unlike
/// there, `MST` takes `UTC`, `GMT` and `Z` only: what other abbreviations mean depends on who wrote them, and Go takes
/// them for UTC.
struct TimeLayout: Sendable, Equatable {
    /// A piece of the layout. Without references, so that reading a line counts none.
    enum Element: BitwiseCopyable, Equatable {
        case byte(UInt8)
        /// One or more spaces.
        case space
        case year, yearOfCentury
        case monthName, monthAbbreviation
        case month(isFixed: Bool)
        case weekdayName, weekdayAbbreviation
        case day(isFixed: Bool, isPadded: Bool)
        case dayOfYear(isPadded: Bool)
        case hour
        case hourOfHalfDay(isFixed: Bool)
        case halfDay(isLowerCase: Bool)
        case minute(isFixed: Bool)
        case second(isFixed: Bool)
        /// Separator and digits; 0 digits are any number, the separator included in what may be missing.
        case fraction(digits: UInt8)
        case zoneName
        /// `-0700` in its forms. With `takesZ`, `Z` stands for UTC.
        case offset(takesZ: Bool, hasMinutes: Bool, hasSeconds: Bool, hasColons: Bool)
    }

    let elements: [Element]

    init(_ layout: String) {
        var scanner = TimeLayoutScanner(Array(layout.utf8))
        elements = scanner.scan()
    }

    /// Whether any part of a date or a time is in it: a layout without is a mistake.
    var hasTime: Bool {
        elements.contains { element in
            switch element {
            case .byte, .space: false
            default: true
            }
        }
    }
}
