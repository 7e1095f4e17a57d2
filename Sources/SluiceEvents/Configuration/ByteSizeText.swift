// SPDX-License-Identifier: Apache-2.0

/// Sizes as Filebeat takes them: `1048576`, `5MB`, `10MiB`, `1.5 GiB`. As in the Go library `humanize` that it uses,
/// `KB`, `MB`, `GB` and `TB` are powers of 1000, `KiB` and so on powers of 1024, letter case and the B do not matter.
package enum ByteSizeText {
    /// Bytes, or nil if the text is no size or too large.
    package static func bytes(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        let number = bytes.prefix { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
        let unit = String(decoding: bytes.dropFirst(number.count).drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
        let scale: Int64
        switch unit.lowercased() {
        case "", "b": scale = 1
        case "k", "kb": scale = 1_000
        case "m", "mb": scale = 1_000_000
        case "g", "gb": scale = 1_000_000_000
        case "t", "tb": scale = 1_000_000_000_000
        case "ki", "kib": scale = 1 << 10
        case "mi", "mib": scale = 1 << 20
        case "gi", "gib": scale = 1 << 30
        case "ti", "tib": scale = 1 << 40
        default: return nil
        }
        return DecimalText.scaled(number, by: scale).flatMap { Int(exactly: $0) }
    }
}
