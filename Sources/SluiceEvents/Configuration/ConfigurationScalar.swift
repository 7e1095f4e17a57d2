// SPDX-License-Identifier: Apache-2.0

/// A value of a configuration where its type is the user's choice: the values of `fields:`, what `equals:` compares.
package enum ConfigurationScalar: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case null

    /// The type that unquoted text has.
    ///
    /// The rules are those of YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema): decimal, `0o` and
    /// `0x` integers, floats, `.inf`, `.nan`, `true`, `false`, `null`, `~`. An integer beyond 64 bits is a double.
    /// `yes`, `no`, `on` and `off` stay strings here, since `country: no` is more often meant than not; an option that
    /// is a boolean takes them (`ConfigurationSection.boolean`).
    package init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .double(-.infinity)
        case ".nan", ".NaN", ".NAN": self = .double(.nan)
        default:
            if let integer = Self.integer(text) {
                self = .integer(integer)
            } else if let double = Self.double(text) {
                self = .double(double)
            } else {
                self = .string(text)
            }
        }
    }

    /// The integer that the text is by the core schema, if it fits into 64 bits.
    static func integer(_ text: String) -> Int64? {
        if text.hasPrefix("0x") || text.hasPrefix("0o") {
            let digits = text.dropFirst(2)
            guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else {
                return nil
            }
            return Int64(digits, radix: text.hasPrefix("0x") ? 16 : 8)
        }
        return Int64(text)
    }

    /// The number that the text is by the core schema, `.inf` and `.nan` aside.
    static func double(_ text: String) -> Double? {
        var rest = Substring(text).utf8[...]
        func dropDigits() -> Int {
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
            rest = rest.dropFirst(digits)
            return digits
        }
        func dropSign() {
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        }
        dropSign()
        var digits = dropDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += dropDigits()
        }
        guard digits > 0 else { return nil }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            dropSign()
            guard dropDigits() > 0 else { return nil }
        }
        // The standard library wants a digit on both sides of the point no more than this grammar does.
        return rest.isEmpty ? Double(text) : nil
    }
}

extension ConfigurationNode {
    /// The value with its type; nil for a sequence or a mapping.
    package var scalarValue: ConfigurationScalar? {
        switch content {
        case .null: .null
        case .scalar(let text, let isPlain): isPlain ? ConfigurationScalar(plain: text) : .string(text)
        case .sequence, .mapping: nil
        }
    }
}
