// SPDX-License-Identifier: Apache-2.0

/// Durations as Prometheus and Go write them: `5m`, `1h30m`, `1.5s`, `250ms`, `1d`, `2w`.
package enum DurationText {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9),
        ("w", 7 * 86_400e9), ("y", 365 * 86_400e9),
    ]

    /// Nanoseconds, or nil if the text is no duration.
    package static func nanoseconds(_ text: String) -> Int64? {
        var rest = text[...]
        var sum = 0.0
        let isNegative = rest.hasPrefix("-")
        if isNegative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let value = Double(digits) else { return nil }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            guard let found = units.first(where: { $0.name == unit }) else { return nil }
            sum += value * found.nanoseconds
            rest = rest[unit.endIndex...]
        }
        guard sum < 9e18 else { return nil }
        return Int64(isNegative ? -sum : sum)
    }
}
