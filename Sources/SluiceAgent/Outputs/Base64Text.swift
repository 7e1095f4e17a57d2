// SPDX-License-Identifier: Apache-2.0

/// Base64 with padding (RFC 4648, section 4), for credentials in headers.
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let count = min(3, bytes.count - position)
            var word: UInt32 = 0
            for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[position + offset]) : 0) }
            for digit in 0..<4 {
                let value = Int(word >> UInt32(18 - 6 * digit) & 63)
                text.append(digit <= count ? digits[value] : UInt8(ascii: "="))
            }
            position += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
