// SPDX-License-Identifier: Apache-2.0

/// Durations as Go and Filebeat write them: `1s`, `500ms`, `1h30m`, `1.5h`; a number alone is seconds.
package enum DurationText {
    /// Nanoseconds, or nil if the text is no duration or does not fit into 64 bits.
    package static func nanoseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        var isFirst = true
        while !rest.isEmpty {
            let number = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unit.count)
            // Only a number that is the whole text does without a unit.
            guard let scale = unit.isEmpty ? (isFirst && rest.isEmpty ? 1_000_000_000 : nil) : scale(unit),
                let part = DecimalText.scaled(number, by: scale)
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { return nil }
            total = sum
            isFirst = false
        }
        return isNegative ? -total : total
    }

    /// The shortest such text for a duration: `1m`, `1500ms`.
    package static func text(_ nanoseconds: Int64) -> String {
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ]
        for (scale, unit) in units where nanoseconds != 0 && nanoseconds.isMultiple(of: scale) {
            return "\(nanoseconds / scale)\(unit)"
        }
        return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Nanoseconds in a unit.
    private static func scale(_ unit: ArraySlice<UInt8>) -> Int64? {
        switch String(decoding: unit, as: UTF8.self) {
        case "ns": 1
        case "us", "µs", "μs": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }
}
