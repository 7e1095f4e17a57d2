// SPDX-License-Identifier: Apache-2.0

/// Numbers for people.
enum Figures {
    /// `1,234,567`
    static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)[...]
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `85 ms`, `1.3 s`
    static func time(_ nanoseconds: Int64) -> String {
        let milliseconds = (nanoseconds + 500_000) / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// `812 bytes`, `12.3 kB`, `4.5 MB`
    static func bytes(_ count: Int) -> String {
        var unit = 1000
        for name in ["kB", "MB", "GB"] {
            if count < unit * 1000 || name == "GB" {
                if count < 1000 { break }
                let tenths = (count * 10 + unit / 2) / unit
                return "\(Self.count(tenths / 10)).\(tenths % 10) \(name)"
            }
            unit *= 1000
        }
        return "\(count) bytes"
    }

    /// With one digit behind the point.
    static func ratio(_ value: Int, to other: Int) -> String {
        let tenths = (value * 10 + other / 2) / max(1, other)
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Text at the right end of a column.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Text at the left end of a column.
    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
