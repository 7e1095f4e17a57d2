// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension LogLayout where Self == JSONLayout {
    /// The default: one line of JSON, with `timestamp`, `level`, `logger`, `message`, `module`, `function`, `line`, the
    /// fields, and `exception`.
    public static var json: JSONLayout { JSONLayout() }

    /// The default with other names for its own keys, or without some of them.
    public static func json(keys: JSONLayout.Keys) -> JSONLayout { JSONLayout(keys: keys) }
}

/// Lines of JSON.
///
/// ```json
/// {"timestamp":"2026-11-22T03:32:00.123456Z","level":"INFO","logger":"mlops.prediction","message":"prediction served",
///  "module":"Service","function":"predict()","line":42,"request_id":"9f0c","user_id":42,
///  "exception":{"type":"Service.ModelMissing","message":"no model v2"}}
/// ```
/// (on one line.) Times are RFC 3339, in UTC and microseconds; levels are `TRACE`, `DEBUG`, `INFO`, `NOTICE`,
/// `WARNING`, `ERROR` and `CRITICAL`.
public struct JSONLayout: BuiltInLayout {
    /// The names under which the layout writes what it knows of an event; nil leaves that out.
    public struct Keys: Hashable, Sendable {
        /// When it was logged.
        public var timestamp: String? = "timestamp"
        /// How severe it is.
        public var level: String? = "level"
        /// The logger's name.
        public var logger: String? = "logger"
        /// What happened.
        public var message: String? = "message"
        /// The module that logged.
        public var module: String? = "module"
        /// The function that logged.
        public var function: String? = "function"
        /// The line of the source that logged.
        public var line: String? = "line"
        /// The error.
        public var exception: String? = "exception"

        /// The names of the default layout.
        public init() {}

        /// In the order of the line, but for the exception, which is last.
        var all: [String?] { [timestamp, level, logger, message, module, function, line, exception] }
    }

    /// The names of the layout's own keys. Of two that are the same, the later is left out.
    public let keys: Keys
    /// What stands before each value, `,"key":`, where the names are not the default; empty for what is left out.
    private let openings: [[UInt8]]?

    /// Creates the layout.
    ///
    /// - Parameter keys: the names of its own keys.
    public init(keys: Keys = Keys()) {
        self.keys = keys
        if keys == Keys() {
            openings = nil
        } else {
            var seen: Set<String> = []
            openings = keys.all.map { key in
                guard let key, seen.insert(key).inserted else { return [] }
                let arena = ByteArena(capacity: 64)
                arena.append(",")
                arena.appendJSONString(key)
                arena.append(":")
                return arena.view.array
            }
        }
    }

    /// The names of its own keys.
    public var reservedKeys: [String] { keys.all.compactMap { $0 } }

    /// Writes the line.
    public func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        if let openings { return write(record, to: line.bytes, openings) }
        line.withBytes { Self.writeDefault(record, to: $0) }
    }

    /// Writes the line with the default names.
    @inline(__always)
    static func writeDefault(_ record: borrowing LogRecord, to line: ByteArena) {
        let isWhole = !record.hasFields && !record.hasError
        if writeHead(of: record, to: line, isWhole: isWhole) {
            if isWhole { return }
        } else {
            writeHeadThoroughly(of: record, to: line)
        }
        record.appendFields(to: line)
        if let exception = record.exception {
            line.append(",\"exception\":")
            line.append(exception)
        }
        line.append("}\n")
    }

    /// Whether the names are the default.
    var isDefault: Bool { openings == nil }

    /// Writes all up to the fields, and the end if there are none, if all its text is plain.
    @inline(__always)
    private static func writeHead(of record: borrowing LogRecord, to line: ByteArena, isWhole: Bool) -> Bool {
        let name = record.escapedLevelAndLogger
        let message = record.messageBytes
        let site = record.site
        guard !site.isEmpty else { return false }
        // What is constant has 19 bytes at most.
        let room = 24 &+ MicrosecondTimes.room &+ name.count &+ message.count &+ site.count
        var cursor = ByteCursor(line, room: room)
        cursor.append("{\"timestamp\":\"")
        record.writeTime(to: &cursor)
        cursor.append(short: name)
        guard cursor.append(plain: message) else { return false }
        cursor.append(UInt8(ascii: "\""))
        cursor.append(short: site)
        if isWhole { cursor.append("}\n") }
        cursor.finish(line)
        return true
    }

    private static func writeHeadThoroughly(of record: borrowing LogRecord, to line: ByteArena) {
        line.append("{\"timestamp\":\"")
        record.buffer.writeTime(record.time, to: line)
        line.append(level(record.level))
        line.append(record.escapedLogger)
        line.append("\",\"message\":")
        line.appendQuickJSONString(record.messageBytes)
        line.append(",\"module\":")
        line.appendQuickJSONString(record.moduleBytes)
        line.append(",\"function\":")
        line.appendQuickJSONString(record.functionBytes)
        line.append(",\"line\":")
        line.append(integer: UInt64(record.line))
    }

    private static func level(_ level: Logger.Level) -> StaticString {
        switch level {
        case .trace: "\",\"level\":\"TRACE\",\"logger\":\""
        case .debug: "\",\"level\":\"DEBUG\",\"logger\":\""
        case .info: "\",\"level\":\"INFO\",\"logger\":\""
        case .notice: "\",\"level\":\"NOTICE\",\"logger\":\""
        case .warning: "\",\"level\":\"WARNING\",\"logger\":\""
        case .error: "\",\"level\":\"ERROR\",\"logger\":\""
        case .critical: "\",\"level\":\"CRITICAL\",\"logger\":\""
        }
    }

    private func write(_ record: borrowing LogRecord, to line: ByteArena, _ openings: [[UInt8]]) {
        let start = line.count
        for (index, opening) in openings.enumerated() where !opening.isEmpty && index < 7 {
            line.append(opening)
            switch index {
            case 0:
                line.append(UInt8(ascii: "\""))
                record.buffer.writeTime(record.time, to: line)
                line.append(UInt8(ascii: "\""))
            case 1:
                line.append(UInt8(ascii: "\""))
                line.append(record.level.upperName)
                line.append(UInt8(ascii: "\""))
            case 2:
                line.append(UInt8(ascii: "\""))
                line.append(record.escapedLogger)
                line.append(UInt8(ascii: "\""))
            case 3: line.appendQuickJSONString(record.messageBytes)
            case 4: line.appendQuickJSONString(record.moduleBytes)
            case 5: line.appendQuickJSONString(record.functionBytes)
            default: line.append(integer: UInt64(record.line))
            }
        }
        record.appendFields(to: line)
        if let exception = record.exception, let opening = openings.last, !opening.isEmpty {
            line.append(opening)
            line.append(exception)
        }
        // What comes first has a comma before it that belongs to nothing.
        if line.count > start { line.replace(at: start, with: UInt8(ascii: "{")) } else { line.append("{") }
        line.append("}\n")
    }
}

extension Logger.Level {
    /// `TRACE` to `CRITICAL`.
    var upperName: StaticString {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO"
        case .notice: "NOTICE"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }
}
