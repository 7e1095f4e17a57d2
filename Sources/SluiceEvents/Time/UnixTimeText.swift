// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Seconds or milliseconds since 1970 as text.
enum UnixTimeText {
    /// - Parameter unitDigits: decimal places from the unit to nanoseconds: 9 for seconds, 6 for milliseconds.
    /// - Returns: the instant, exact to the nanosecond, or nil if the text is no number or out of range.
    static func parse(_ text: ByteView, unitDigits: Int) -> Timestamp.Parsed? {
        var position = 0
        let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        if isNegative || (!text.isEmpty && text[0] == UInt8(ascii: "+")) { position = 1 }
        var value: Int64 = 0
        var places = 0
        var digits = 0
        var isFraction = false
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: "."), !isFraction, digits > 0 {
                isFraction = true
                continue
            }
            if byte | 0x20 == UInt8(ascii: "e"), digits > 0 { return rough(text, unitDigits: unitDigits) }
            guard byte &- 0x30 < 10 else { return nil }
            digits += 1
            if isFraction {
                if places == unitDigits { continue }
                places += 1
            }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - 0x30)
            let (sum, alsoTooLarge) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if tooLarge || alsoTooLarge { return nil }
            value = sum
        }
        guard digits > 0 else { return nil }
        for _ in places..<unitDigits {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            if tooLarge { return nil }
            value = product
        }
        return Timestamp.Parsed(nanoseconds: value, fractionDigits: 9 - unitDigits + places)
    }

    /// A number with an exponent, as good as a double has it: to the microsecond, for a time of these years.
    private static func rough(_ text: ByteView, unitDigits: Int) -> Timestamp.Parsed? {
        guard let number = NumberText.double(text), number.isFinite else { return nil }
        let microseconds = (number * (unitDigits == 9 ? 1e6 : 1e3)).rounded()
        guard abs(microseconds) < 9.2e15 else { return nil }
        let whole = Int64(microseconds)
        var digits = 6
        var rest = whole
        while digits > 0, rest % 10 == 0 {
            digits -= 1
            rest /= 10
        }
        return Timestamp.Parsed(nanoseconds: whole * 1000, fractionDigits: digits)
    }
}
