// SPDX-License-Identifier: Apache-2.0

/// What a scalar without quotes means by the core schema of YAML 1.2.2 (section 10.3.2). `yes`, `on` and dates are text.
enum YAMLScalar {
    static func value(of text: String) -> ConfigurationValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        default: return number(Array(text.utf8)) ?? .string(text)
        }
    }

    private static func number(_ bytes: [UInt8]) -> ConfigurationValue? {
        if bytes.starts(with: Array("0o".utf8)) { return integer(bytes.dropFirst(2), radix: 8) }
        if bytes.starts(with: Array("0x".utf8)) { return integer(bytes.dropFirst(2), radix: 16) }
        var unsigned = bytes[...]
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            unsigned = unsigned.dropFirst()
        }
        if [".inf", ".Inf", ".INF"].contains(String(decoding: unsigned, as: UTF8.self)) {
            return .double(bytes.first == UInt8(ascii: "-") ? -.infinity : .infinity)
        }
        guard isDecimal(unsigned) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        // Integers that are too large for us are numbers all the same.
        if unsigned.allSatisfy(isDigit), let value = Int(text) { return .integer(value) }
        return Double(text).map { .double($0) }
    }

    private static func integer(_ digits: ArraySlice<UInt8>, radix: Int) -> ConfigurationValue? {
        // A sign, which Swift would take, has no place here.
        guard let first = digits.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: radix).map { .integer($0) }
    }

    /// `[0-9]+ ( \. [0-9]* )?` or `\. [0-9]+`, and `[eE] [-+]? [0-9]+` behind it or not.
    private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
        let whole = text.prefix(while: isDigit)
        var rest = text.dropFirst(whole.count)
        var digits = whole.count
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            digits += fraction.count
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard digits > 0 else { return false }
        guard let mark = rest.first else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
