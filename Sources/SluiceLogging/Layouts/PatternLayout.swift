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

/// Lines for people in a form of one's own, given as a format string of Python's `logging.Formatter`.
///
/// ```swift
/// try PatternLayout("%(asctime)s [%(levelname)-8s] %(name)s: %(message)s")
/// ```
/// ```text
/// 2026-11-22 04:32:00,123 [INFO    ] mlops.prediction: prediction served
/// ```
///
/// - `asctime` (by default with milliseconds, otherwise as `strftime(3)` makes it of the date format), `msecs`,
///   `levelname`, `levelno` (Python's numbers; 5 for trace, 25 for notice), `name` (of the logger), `message`, `module`,
///   `filename`, `funcName`, `lineno`, `process` and `thread` have Python's names.
/// - `fields` is our own: the fields as ``TextLayout`` writes them. Without it they are not in the line, as in Python.
/// - An error stands behind the line, as `exception={…}`.
/// - Newlines in messages are written `\n`.
public struct PatternLayout: BuiltInLayout {
    /// The format string.
    public let format: String
    /// The form of `asctime` for `strftime(3)`; nil for `2026-11-22 04:32:00,123`.
    public let dateFormat: String?
    /// Which clock `asctime` is read from.
    public let timeZone: LayoutTimeZone
    private let parts: [PatternParser.Part]

    /// Creates a layout.
    ///
    /// - Parameters:
    ///   - format: text with `%(name)s`, `%(name)-8s` and the like in it; `%%` is the sign itself.
    ///   - dateFormat: of `asctime`, for `strftime(3)`.
    ///   - timeZone: which clock `asctime` is read from; as in Python local time.
    /// - Throws: what is wrong with the format.
    public init(
        _ format: String,
        dateFormat: String? = nil,
        timeZone: LayoutTimeZone = .local
    ) throws(PatternError) {
        self.format = format
        self.dateFormat = dateFormat
        self.timeZone = timeZone
        parts = try PatternParser.parts(of: format)
    }

    /// Writes the line.
    public func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        let line = line.bytes
        for part in parts {
            switch part {
            case .text(let text): text.withByteView { PlainText.append(plain: $0, to: line) }
            case .field(let field):
                let start = line.count
                write(field.attribute, of: record, to: line)
                if field.width > 0 || field.precision != nil { field.fit(from: start, in: line) }
            }
        }
        if let exception = record.exception {
            line.append(" exception=")
            line.append(exception)
        }
        line.append("\n")
    }

    private func write(_ attribute: PatternField.Attribute, of record: borrowing LogRecord, to line: ByteArena) {
        switch attribute {
        case .asctime: writeTime(record.time, to: line)
        case .msecs:
            let nanoseconds = record.time - Timestamp.floorDivide(record.time, 1_000_000_000) * 1_000_000_000
            line.append(decimal: Int(nanoseconds / 1_000_000))
        case .levelname: line.append(record.level.upperName)
        case .levelno: line.append(decimal: Self.number(of: record.level))
        case .name: line.append(record.escapedLogger)
        case .message: PlainText.append(plain: record.messageBytes, to: line)
        case .module: PlainText.append(plain: record.moduleBytes, to: line)
        case .filename: PlainText.append(plain: record.fileName, to: line)
        case .funcName: PlainText.append(plain: record.functionBytes, to: line)
        case .lineno: line.append(integer: UInt64(record.line))
        case .process: line.append(decimal: Int(getpid()))
        case .thread: line.append(integer: PatternField.Attribute.threadNumber)
        case .fields:
            var isFirst = true
            record.forEachMember { key, value in
                if !isFirst { line.append(" ") }
                isFirst = false
                PlainText.append(key: key, to: line)
                line.append("=")
                PlainText.append(value: value, to: line)
            }
        }
    }

    private func writeTime(_ time: Int64, to line: ByteArena) {
        guard let dateFormat else { return TextLayout.append(time: timeZone.civil(time), to: line) }
        let seconds = Timestamp.floorDivide(time, 1_000_000_000)
        guard var parts = unsafe timeZone == .local ? LocalTime.parts(at: seconds) : Self.universal(seconds) else {
            return
        }
        var text = [CChar](repeating: 0, count: 256)
        // What would be longer is left out.
        let count = unsafe strftime(&text, text.count, dateFormat, &parts)
        text.prefix(count).map { UInt8(bitPattern: $0) }.withByteView { PlainText.append(plain: $0, to: line) }
    }

    private static func universal(_ seconds: Int64) -> tm? {
        var instant = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&instant, &parts) != nil else { return nil }
        return unsafe parts
    }

    /// As Python numbers levels.
    private static func number(of level: Logger.Level) -> Int {
        switch level {
        case .trace: 5
        case .debug: 10
        case .info: 20
        case .notice: 25
        case .warning: 30
        case .error: 40
        case .critical: 50
        }
    }
}
