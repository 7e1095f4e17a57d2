// SPDX-License-Identifier: Apache-2.0

/// How the bytes of a file stand for text: the value of Filebeat's option `encoding`.
package struct TextEncoding: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case utf8
        case utf16(ByteOrder)
        /// One byte a character, by the C library's `iconv` under this name. `hasControls`: bytes from 0x80 to 0x9f that
        /// have no character are the control characters of these numbers, as the WHATWG has it for Windows' encodings.
        case singleByte(String, hasControls: Bool)
        /// By `iconv` under this name.
        case several(String)
    }

    package enum ByteOrder: Sendable, Equatable {
        case little, big
        /// What the byte-order mark at the file's beginning says; without one, this.
        case mark(otherwise: Order)

        package enum Order: Sendable, Equatable { case little, big }
    }

    /// The name as Filebeat has it.
    package let name: String
    package let kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Bytes are text in UTF-8; what is not becomes U+FFFD. Filebeat's `plain` takes bytes as they are, but sends JSON,
    /// where they end the same way.
    package static let utf8 = TextEncoding(name: "utf-8", kind: .utf8)

    /// The bytes of the smallest piece of text, to whose multiples a file's characters are aligned.
    package var unit: Int { if case .utf16 = kind { 2 } else { 1 } }

    /// How many bytes of the file can be needed for one byte of UTF-8.
    var shrinkage: Int {
        switch kind {
        case .utf8, .singleByte: 1
        // In UTF-16 ASCII takes two bytes; in others, two bytes can become one character of ASCII, but not more.
        case .utf16, .several: 2
        }
    }

    /// Whether a byte-order mark may stand at the beginning.
    var hasByteOrderMark: Bool {
        switch kind {
        case .utf8, .utf16: true
        case .singleByte: false
        case .several(let name): name == "GB18030"
        }
    }
}
