// SPDX-License-Identifier: Apache-2.0

/// Numbers as Go's `strconv.FormatFloat(value, 'f', -1, 64)` writes them, which is how Loki writes samples.
package enum GoNumber {
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e18 { return String(Int64(value)) }
        let text = value.description
        guard let mark = text.firstIndex(of: "e") else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
        // Without an exponent: move the point.
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        let isNegative = text.hasPrefix("-")
        let mantissa = text[..<mark].drop { $0 == "-" }
        let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(parts.first ?? "")
        let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
        let digits = whole + fraction
        let point = whole.count + exponent
        let result: String
        if point <= 0 {
            result = "0." + String(repeating: "0", count: -point) + digits
        } else if point >= digits.count {
            result = digits + String(repeating: "0", count: point - digits.count)
        } else {
            let at = digits.index(digits.startIndex, offsetBy: point)
            result = digits[..<at] + "." + digits[at...]
        }
        return (isNegative ? "-" : "") + result
    }
}
