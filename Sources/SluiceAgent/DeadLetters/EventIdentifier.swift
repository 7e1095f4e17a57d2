// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// An event's id, taken apart: the generation, and the place in it.
package struct EventIdentifier: Equatable, Sendable {
    package var generation: String
    /// Bytes in the generation's text.
    package var range: Range<Int64>

    /// Reads `generation.start.length`, the numbers to the base of 64; nil if it is something else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let start = Self.number(parts[1]), let length = Self.number(parts[2])
        else { return nil }
        let (end, overflows) = start.addingReportingOverflow(length)
        guard !overflows else { return nil }
        generation = String(parts[0])
        range = start..<end
    }

    private static let digits: [UInt8: Int64] = Dictionary(
        uniqueKeysWithValues: (0..<64).map { (Base64URL.digit(UInt8($0)), Int64($0)) }
    )

    /// At most ten digits fit into an offset.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.count <= 10 else { return nil }
        var value: Int64 = 0
        for byte in text.utf8 {
            guard let digit = digits[byte] else { return nil }
            value = value << 6 | digit
        }
        return value
    }
}
