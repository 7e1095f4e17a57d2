// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension LogLayout where Self == TextLayout {
    /// Lines for people, in colours on a terminal.
    public static var text: TextLayout { TextLayout() }
}

/// Lines for people.
///
/// ```text
/// 2026-11-22 03:32:00,123 [INFO] mlops.prediction: prediction served request_id=9f0c user_id=42
/// ```
/// The time is UTC. Fields stand behind the message as `key=value`; text with spaces, quotes or control characters is
/// written as a JSON string, and so are nested values as JSON. Newlines in messages are written `\n`.
public struct TextLayout: BuiltInLayout {
    /// When lines are coloured.
    public enum Color: String, Hashable, Sendable {
        /// On a terminal, unless the environment has a `NO_COLOR` that is not empty or a `TERM` that is `dumb`.
        case automatic
        /// Always.
        case always
        /// Never.
        case never
    }

    /// When lines are coloured.
    public var color: Color

    /// Creates the layout.
    ///
    /// - Parameter color: when lines are coloured.
    public init(color: Color = .automatic) { self.color = color }

    /// Settles whether there are colours.
    public func adapted(isTerminal: Bool) -> TextLayout {
        guard color == .automatic else { return self }
        return TextLayout(color: isTerminal && Self.isColorWelcome ? .always : .never)
    }

    private static var isColorWelcome: Bool {
        if let value = unsafe getenv("NO_COLOR"), unsafe strlen(value) > 0 { return false }
        if let terminal = unsafe getenv("TERM"), unsafe strcmp(terminal, "dumb") == 0 { return false }
        return true
    }

    /// Writes the line.
    public func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        let line = line.bytes
        let isColored = color == .always
        if isColored { line.append("\u{1b}[2m") }
        Self.append(time: record.time, to: line)
        if isColored {
            line.append("\u{1b}[0m ")
            line.append(Self.color(of: record.level))
            line.append("[")
        } else {
            line.append(" [")
        }
        line.append(record.level.upperName)
        line.append(isColored ? "]\u{1b}[0m " : "] ")
        line.append(record.escapedLogger)
        line.append(": ")
        Self.append(plain: record.messageBytes, to: line)
        record.forEachMember { key, value in
            line.append(isColored ? " \u{1b}[36m" : " ")
            Self.append(key: key, to: line)
            line.append(isColored ? "\u{1b}[0m=" : "=")
            Self.append(value: value, to: line)
        }
        if let exception = record.exception {
            line.append(isColored ? " \u{1b}[31mexception\u{1b}[0m=" : " exception=")
            line.append(exception)
        }
        line.append("\n")
    }

    private static func color(of level: Logger.Level) -> StaticString {
        switch level {
        case .trace, .debug: "\u{1b}[34m"
        case .info, .notice: "\u{1b}[32m"
        case .warning: "\u{1b}[33m"
        case .error: "\u{1b}[31m"
        case .critical: "\u{1b}[1;31m"
        }
    }

    /// `2026-11-22 03:32:00,123`, as Python's `logging` has it.
    private static func append(time: Int64, to line: ByteArena) {
        let start = line.count
        Timestamp.write(time, fractionDigits: 3, to: line)
        guard line.count == start + 24 else { return }
        line.replace(at: start + 10, with: UInt8(ascii: " "))
        line.replace(at: start + 19, with: UInt8(ascii: ","))
        line.truncate(to: start + 23)
    }

    /// Text that is escaped only where it would break the line or drive the terminal.
    private static func append(plain text: ByteView, to line: ByteArena) {
        let start = line.count
        _ = line.appendJSONStringContent(text, isTrusted: false)
        // Quotes and backslashes may stay as they are. Both are rare: undo them only if there are some.
        guard text.firstIndex(of: UInt8(ascii: "\"")) != nil || text.firstIndex(of: UInt8(ascii: "\\")) != nil else {
            return escapeDelete(from: start, in: line)
        }
        line.truncate(to: start)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                line.append(byte)
                position += 1
                continue
            }
            var end = position + 1
            while end < text.count, text[end] != UInt8(ascii: "\""), text[end] != UInt8(ascii: "\\") { end += 1 }
            _ = line.appendJSONStringContent(text[position..<end], isTrusted: false)
            position = end
        }
        escapeDelete(from: start, in: line)
    }

    /// DEL may stand in JSON, but does things on a terminal; so do the controls of Latin-1, U+0080 to U+009F.
    private static func escapeDelete(from start: Int, in line: ByteArena) {
        var index = start
        while index < line.count {
            let byte = line.view[index]
            if byte == 0x7f {
                line.replace(at: index, with: UInt8(ascii: "?"))
            } else if byte == 0xc2, index + 1 < line.count, line.view[index + 1] < 0xa0 {
                line.replace(at: index, with: UInt8(ascii: "?"))
                line.replace(at: index + 1, with: UInt8(ascii: "?"))
            }
            index += 1
        }
    }

    private static func append(key: ByteView, to line: ByteArena) {
        if isPlain(key) {
            line.append(key)
        } else {
            line.append(UInt8(ascii: "\""))
            line.append(key)
            line.append(UInt8(ascii: "\""))
        }
    }

    /// A string loses its quotes where that leaves no doubt.
    private static func append(value: ByteView, to line: ByteArena) {
        let start = line.count
        if value.count > 2, value[0] == UInt8(ascii: "\""), isPlain(value[1..<(value.count - 1)]) {
            line.append(value[1..<(value.count - 1)])
        } else {
            line.append(value)
        }
        escapeDelete(from: start, in: line)
    }

    private static func isPlain(_ text: ByteView) -> Bool {
        guard !text.isEmpty else { return false }
        for index in 0..<text.count {
            switch text[index] {
            case ...0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "="): return false
            default: break
            }
        }
        return true
    }
}
