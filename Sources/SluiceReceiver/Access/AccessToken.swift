// SPDX-License-Identifier: Apache-2.0

/// The secret that requests have to bring, in one of the forms that agents and browsers have for it: `Bearer TOKEN`,
/// `ApiKey TOKEN`, `ApiKey` with base64 of `ID:TOKEN`, and `Basic` with the token as any user's password.
package struct AccessToken: Sendable {
    private let secret: [UInt8]

    /// Nil if there is nothing in it.
    package init?(_ text: String) {
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        guard !trimmed.isEmpty else { return nil }
        secret = Array(String(trimmed).utf8)
    }

    /// Whether a value of `Authorization` has it.
    package func admits(_ header: String?) -> Bool {
        guard let parts = header?.split(separator: " ", maxSplits: 1), parts.count == 2 else { return false }
        let value = Array(parts[1].utf8).filter { $0 != UInt8(ascii: " ") }
        switch parts[0].lowercased() {
        case "bearer": return isSecret(value)
        case "apikey":
            if isSecret(value) { return true }
            return Self.password(value).map { isSecret($0) } ?? false
        case "basic": return Self.password(value).map { isSecret($0) } ?? false
        default: return false
        }
    }

    /// Takes the same time wherever the two differ.
    private func isSecret(_ value: [UInt8]) -> Bool {
        var difference = value.count ^ secret.count
        for (index, byte) in value.enumerated() { difference |= Int(byte ^ secret[index % secret.count]) }
        return difference == 0
    }

    /// What follows the first colon in base64.
    private static func password(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for byte in text where byte != UInt8(ascii: "=") {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: return nil
            }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return Array(bytes[(colon + 1)...])
    }
}
