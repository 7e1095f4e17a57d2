// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Finds what is to be redacted within text.
public struct LogPattern: Sendable {
    /// Where the next piece is that lies at or behind an offset.
    let next: @Sendable (_ text: ByteView, _ start: Int) -> Range<Int>?

    /// A pattern of one's own.
    ///
    /// - Parameter next: is given the UTF-8 of a text and an offset into it, and returns where the first piece is that
    ///   begins at or behind the offset, or nil if there is none. It runs for every text, so it should be quick.
    public init(next: @escaping @Sendable (_ text: RawSpan, _ start: Int) -> Range<Int>?) {
        self.next = { text, start in
            var found: Range<Int>?
            text.withRawSpan { found = next($0, start) }
            return found
        }
    }

    private init(find next: @escaping @Sendable (_ text: ByteView, _ start: Int) -> Range<Int>?) { self.next = next }

    /// Numbers of 13 to 19 digits, with single spaces or hyphens between them or without, whose check digit is right
    /// (Luhn's).
    public static let creditCardNumbers = LogPattern(find: findCard)

    /// What follows `Bearer ` (in upper or lower case), as in HTTP's `Authorization`: letters, digits and `-._~+/=`.
    public static let bearerTokens = LogPattern(find: findBearer)

    /// Addresses as in `name@host.example`, of ASCII letters, digits and what is usual in them.
    public static let emailAddresses = LogPattern(find: findAddress)

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func findCard(_ text: ByteView, _ start: Int) -> Range<Int>? {
        var position = start
        while position < text.count {
            guard isDigit(text[position]), position == 0 || !isDigit(text[position - 1]) else {
                position += 1
                continue
            }
            var end = position
            var digits = 0
            var cursor = position
            while cursor < text.count {
                if isDigit(text[cursor]) {
                    digits += 1
                    cursor += 1
                    end = cursor
                } else if text[cursor] == UInt8(ascii: " ") || text[cursor] == UInt8(ascii: "-"),
                    cursor + 1 < text.count, isDigit(text[cursor + 1])
                {
                    cursor += 1
                } else {
                    break
                }
            }
            if (13...19).contains(digits), hasCheckDigit(text[position..<end]) { return position..<end }
            position = end
        }
        return nil
    }

    private static func hasCheckDigit(_ number: ByteView) -> Bool {
        var sum = 0
        var isDoubled = false
        for index in stride(from: number.count - 1, through: 0, by: -1) where isDigit(number[index]) {
            let digit = Int(number[index] - UInt8(ascii: "0"))
            let weighed = isDoubled ? digit * 2 : digit
            sum += weighed > 9 ? weighed - 9 : weighed
            isDoubled.toggle()
        }
        return sum % 10 == 0 && sum > 0
    }

    private static func findBearer(_ text: ByteView, _ start: Int) -> Range<Int>? {
        let word: StaticString = "bearer "
        let name = ByteView(word)
        var position = start
        while position + name.count < text.count {
            var matched = 0
            while matched < name.count, text[position + matched] | 0x20 == name[matched] { matched += 1 }
            guard matched == name.count else {
                position += 1
                continue
            }
            var end = position + name.count
            while end < text.count, isTokenByte(text[end]) { end += 1 }
            if end > position + name.count { return (position + name.count)..<end }
            position = end
        }
        return nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: isDigit(byte) || isLetter(byte)
        }
    }

    private static func findAddress(_ text: ByteView, _ start: Int) -> Range<Int>? {
        var from = start
        while from < text.count, let offset = text[from..<text.count].firstIndex(of: UInt8(ascii: "@")) {
            let at = from + offset
            var first = at
            while first > start, isNameByte(text[first - 1]) { first -= 1 }
            var end = at + 1
            var lastDot: Int?
            while end < text.count, isHostByte(text[end]) {
                if text[end] == UInt8(ascii: ".") { lastDot = end }
                end += 1
            }
            // A full stop behind the address belongs to the sentence.
            while end > at + 1, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
            if first < at, let lastDot, lastDot > at + 1, end > at + 3 { return first..<end }
            from = at + 1
        }
        return nil
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%")
    }
}
