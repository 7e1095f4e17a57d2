// SPDX-License-Identifier: Apache-2.0

/// Numbers as text, both ways.
package enum NumberText {
    /// The integer that the whole text is, or nil if it is none or does not fit.
    package static func integer(_ text: ByteView) -> Int64? {
        var position = 0
        var isNegative = false
        if let sign = text.isEmpty ? nil : text[0], sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            position = 1
        }
        guard position < text.count else { return nil }
        var value: UInt64 = 0
        while position < text.count {
            let digit = text[position] &- 0x30
            guard digit < 10 else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, alsoTooLarge) = product.addingReportingOverflow(UInt64(digit))
            if tooLarge || alsoTooLarge { return nil }
            value = sum
            position += 1
        }
        if isNegative {
            return value == 1 << 63 ? Int64.min : Int64(exactly: value).map { -$0 }
        }
        return Int64(exactly: value)
    }

    /// The nearest double to the number that the whole text is (as JSON writes numbers, a leading `+` allowed too), or
    /// nil if it is none. Numbers beyond the range of doubles are infinite.
    package static func double(_ text: ByteView) -> Double? {
        var position = 0
        var isNegative = false
        if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            isNegative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isExact = true
        func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- 0x30 < 10 }
        guard isDigit(position) else { return nil }
        func take(_ digit: UInt8) {
            if mantissa < 1 << 53 / 10 {
                mantissa = mantissa * 10 + UInt64(digit)
            } else {
                isExact = false
            }
        }
        while isDigit(position) {
            take(text[position] - 0x30)
            digits += 1
            position += 1
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            guard isDigit(position) else { return nil }
            while isDigit(position) {
                take(text[position] - 0x30)
                exponent -= 1
                position += 1
            }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            var isExponentNegative = false
            if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
                isExponentNegative = text[position] == UInt8(ascii: "-")
                position += 1
            }
            guard isDigit(position) else { return nil }
            var written = 0
            while isDigit(position) {
                written = min(written * 10 + Int(text[position] - 0x30), 100_000)
                position += 1
            }
            exponent += isExponentNegative ? -written : written
        }
        guard position == text.count else { return nil }
        // Both factors are exact doubles, so one operation rounds once (Clinger's fast path).
        if isExact, exponent >= -22, exponent <= 22 {
            let power = powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return isNegative ? -value : value
        }
        return Double(text.string)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

extension ByteArena {
    /// Writes an integer in decimal.
    @inlinable
    package func append(decimal value: some FixedWidthInteger) {
        var magnitude = UInt64(truncatingIfNeeded: value.magnitude)
        reserve(24)
        if value < 0 { appendReserved(UInt8(ascii: "-")) }
        if magnitude < 10 {
            appendReserved(0x30 + UInt8(truncatingIfNeeded: magnitude))
            return
        }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var count = 0
        while magnitude > 0 {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            digits[count] = 0x30 + UInt8(truncatingIfNeeded: remainder)
            count += 1
            magnitude = quotient
        }
        while count > 0 {
            count -= 1
            appendReserved(digits[count])
        }
    }

    /// Writes an integer in decimal with at least `width` digits.
    @inlinable
    package func append(decimal value: Int, width: Int) {
        let magnitude = value.magnitude
        if value < 0 { append(UInt8(ascii: "-")) }
        if width == 2, magnitude < 100 {
            reserve(2)
            appendReserved(0x30 + UInt8(truncatingIfNeeded: magnitude / 10))
            appendReserved(0x30 + UInt8(truncatingIfNeeded: magnitude % 10))
            return
        }
        var digits = 1
        var rest = magnitude / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        while digits < width {
            append(0x30)
            digits += 1
        }
        append(decimal: magnitude)
    }

    /// Writes the shortest decimal that reads back as this double, as JSON has it; what is not finite becomes `null`.
    package func append(json value: Double) {
        guard value.isFinite else {
            append("null")
            return
        }
        append(value.description)
    }
}
