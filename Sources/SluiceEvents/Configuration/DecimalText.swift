// SPDX-License-Identifier: Apache-2.0

/// Decimal numbers with a unit, in whole units.
enum DecimalText {
    /// `digits[.digits]` times `scale`, rounded down. Nil if the text is no such number or the product does not fit.
    /// No floating point: `0.1s` is 100,000,000 ns.
    static func scaled(_ text: ArraySlice<UInt8>, by scale: Int64) -> Int64? {
        var value: Int128 = 0
        var divisor: Int128 = 1
        var digits = 0
        var isFraction = false
        for byte in text {
            if byte == UInt8(ascii: ".") {
                if isFraction { return nil }
                isFraction = true
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            digits += 1
            if isFraction {
                // Units are no finer than a thousand billionth of the scale.
                if divisor == 1_000_000_000_000_000 { continue }
                divisor *= 10
            }
            value = value * 10 + Int128(byte - 0x30)
            if value / divisor > Int64.max { return nil }
        }
        guard digits > 0 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: Int128(scale))
        return overflow ? nil : Int64(exactly: product / divisor)
    }
}
