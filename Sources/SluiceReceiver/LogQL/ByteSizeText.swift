// SPDX-License-Identifier: Apache-2.0

/// Sizes such as `20MB` or `4 KiB`.
package enum ByteSizeText {
    package static let units: [String: Double] = [
        "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576,
        "gib": 1_073_741_824, "tib": 1_099_511_627_776,
    ]

    /// Bytes, or nil if the text is no size.
    package static func bytes(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text[digits.endIndex...].drop { $0 == " " }.lowercased()
        guard let value = Double(digits), let factor = units[unit] else { return nil }
        return value * factor
    }
}
