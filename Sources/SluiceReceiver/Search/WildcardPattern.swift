// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// `*` is any text, `?` any one byte, `\` takes the meaning from what follows.
package struct WildcardPattern: Equatable {
    private enum Part: Equatable {
        case byte(UInt8)
        case one
        case any
    }

    private let parts: [Part]
    private let ignoresCase: Bool

    package init(_ text: String, ignoresCase: Bool) {
        var parts: [Part] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                parts.append(.byte(byte))
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "*"): if parts.last != .any { parts.append(.any) }
            case UInt8(ascii: "?"): parts.append(.one)
            default: parts.append(.byte(ignoresCase ? Self.lower(byte) : byte))
            }
        }
        self.parts = parts
        self.ignoresCase = ignoresCase
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    /// Whether the whole text is matched.
    package func matches(_ text: ByteView) -> Bool {
        var at = 0
        var next = 0
        var star: (part: Int, at: Int)?
        while at < text.count {
            let byte = ignoresCase ? Self.lower(text[at]) : text[at]
            if next < parts.count, parts[next] == .any {
                star = (next, at)
                next += 1
            } else if next < parts.count, parts[next] == .one || parts[next] == .byte(byte) {
                next += 1
                at += 1
            } else if let last = star {
                next = last.part + 1
                at = last.at + 1
                star = (last.part, at)
            } else {
                return false
            }
        }
        return parts[next...].allSatisfy { $0 == .any }
    }
}
