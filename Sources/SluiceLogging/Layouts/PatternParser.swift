// SPDX-License-Identifier: Apache-2.0

/// Takes a format string in the notation of Python's `%` apart.
enum PatternParser {
    enum Part: Hashable, Sendable {
        case text([UInt8])
        case field(PatternField)
    }

    /// - Throws: what is wrong, and where.
    static func parts(of format: String) throws(PatternError) -> [Part] {
        var parts: [Part] = []
        var text: [UInt8] = []
        var rest = Array(format.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                text.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "%") {
                text.append(byte)
                rest = rest.dropFirst()
                continue
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            parts.append(.field(try field(&rest, at: format.utf8.count - rest.count)))
        }
        if !text.isEmpty { parts.append(.text(text)) }
        guard parts.contains(where: { if case .field = $0 { true } else { false } }) else {
            throw PatternError("a format needs at least one '%(…)s', as in '%(message)s'")
        }
        return parts
    }

    /// What stands behind a `%`: a name in parentheses, flags, width, precision, and `s`, `d` or `i`.
    private static func field(_ rest: inout ArraySlice<UInt8>, at column: Int) throws(PatternError) -> PatternField {
        guard rest.first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) else {
            throw PatternError(
                "column \(column): '%' needs a name behind it, as in '%(message)s'; '%%' is the sign itself"
            )
        }
        let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        guard let attribute = PatternField.Attribute(rawValue: name) else {
            let names = PatternField.Attribute.allCases.map(\.rawValue)
            throw PatternError("column \(column): there is no '\(name)'; \(NearestName.hint(for: name, among: names))")
        }
        rest = rest[(end + 1)...]
        var field = PatternField(attribute: attribute)
        while let flag = rest.first, flag == UInt8(ascii: "-") || flag == UInt8(ascii: "0") {
            if flag == UInt8(ascii: "-") { field.isLeftAligned = true } else { field.isZeroPadded = true }
            rest = rest.dropFirst()
        }
        field.width = number(&rest) ?? 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            field.precision = number(&rest) ?? 0
        }
        let isNumeric = rest.first == UInt8(ascii: "d") || rest.first == UInt8(ascii: "i")
        guard isNumeric ? attribute.isNumber : rest.first == UInt8(ascii: "s") else {
            throw PatternError(
                "column \(column): '%(\(name))' needs 's' behind it" + (attribute.isNumber ? " or 'd'" : "")
            )
        }
        // Only numbers are filled up with zeros, and they have no precision here.
        if !isNumeric { field.isZeroPadded = false } else { field.precision = nil }
        rest = rest.dropFirst()
        return field
    }

    /// At most 999: nobody wants lines that are wider.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : min(999, Int(String(decoding: digits, as: UTF8.self)) ?? 999)
    }
}
