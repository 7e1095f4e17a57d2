// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What ends a line: the values of Filebeat's option `line_terminator`.
package enum LineTerminator: String, CaseIterable, Sendable {
    /// LF, and a CR in front of it belongs to it.
    case automatic = "auto"
    case lineFeed = "line_feed"
    case verticalTab = "vertical_tab"
    case formFeed = "form_feed"
    case carriageReturn = "carriage_return"
    case carriageReturnLineFeed = "carriage_return_line_feed"
    case nextLine = "next_line"
    case lineSeparator = "line_separator"
    case paragraphSeparator = "paragraph_separator"
    case null = "null_terminator"

    /// The characters.
    package var text: String {
        switch self {
        case .automatic, .lineFeed: "\n"
        case .verticalTab: "\u{0b}"
        case .formFeed: "\u{0c}"
        case .carriageReturn: "\r"
        case .carriageReturnLineFeed: "\r\n"
        case .nextLine: "\u{85}"
        case .lineSeparator: "\u{2028}"
        case .paragraphSeparator: "\u{2029}"
        case .null: "\u{0}"
        }
    }

    /// The bytes that stand for `text` in an encoding.
    ///
    /// - Parameter isBigEndian: of an encoding in units of two bytes.
    /// - Returns: nil if the encoding does not have these characters, or the system not the encoding.
    package static func bytes(_ text: String, in encoding: TextEncoding, isBigEndian: Bool) -> [UInt8]? {
        switch encoding.kind {
        case .utf8: return Array(text.utf8)
        case .utf16:
            return text.utf16.flatMap { unit in
                let halves = [UInt8(unit >> 8), UInt8(unit & 0xff)]
                return isBigEndian ? halves : halves.reversed()
            }
        case .singleByte(let name, _), .several(let name):
            guard let there = IconvConverter(from: "UTF-8", to: name),
                let back = IconvConverter(from: name, to: "UTF-8")
            else { return nil }
            let bytes = ByteArena(capacity: 64)
            let again = ByteArena(capacity: 64)
            let isMissing = text.withByteView { there.append($0, to: bytes) } || back.append(bytes.view, to: again)
            return isMissing || again.string != text ? nil : bytes.view.array
        }
    }
}
