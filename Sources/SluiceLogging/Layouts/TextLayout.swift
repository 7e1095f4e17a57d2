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
/// The time is UTC unless ``timeZone`` says otherwise. Fields stand behind the message as `key=value`; text with spaces, quotes or control characters is
/// written as a JSON string, and so are nested values as JSON. Newlines in messages are written `\n`.
public struct TextLayout: BuiltInLayout {
    /// When lines are coloured.
    public enum Color: String, Hashable, Sendable, CaseIterable {
        /// On a terminal, unless the environment has a `NO_COLOR` that is not empty or a `TERM` that is `dumb`.
        case automatic
        /// Always.
        case always
        /// Never.
        case never
    }

    /// When lines are coloured.
    public var color: Color
    /// Which clock the time of a line is read from.
    public var timeZone: LayoutTimeZone

    /// Creates the layout.
    ///
    /// - Parameters:
    ///   - color: when lines are coloured.
    ///   - timeZone: which clock the time of a line is read from.
    public init(color: Color = .automatic, timeZone: LayoutTimeZone = .utc) {
        self.color = color
        self.timeZone = timeZone
    }

    /// Settles whether there are colours.
    public func adapted(isTerminal: Bool) -> TextLayout {
        guard color == .automatic else { return self }
        return TextLayout(color: isTerminal && Self.isColorWelcome ? .always : .never, timeZone: timeZone)
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
        Self.append(time: timeZone.civil(record.time), to: line)
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
        PlainText.append(plain: record.messageBytes, to: line)
        record.forEachMember { key, value in
            line.append(isColored ? " \u{1b}[36m" : " ")
            PlainText.append(key: key, to: line)
            line.append(isColored ? "\u{1b}[0m=" : "=")
            PlainText.append(value: value, to: line)
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
    static func append(time: Int64, to line: ByteArena) {
        let start = line.count
        Timestamp.write(time, fractionDigits: 3, to: line)
        guard line.count == start + 24 else { return }
        line.replace(at: start + 10, with: UInt8(ascii: " "))
        line.replace(at: start + 19, with: UInt8(ascii: ","))
        line.truncate(to: start + 23)
    }
}
