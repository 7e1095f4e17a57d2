// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension LogLayout where Self == GoogleCloudLayout {
    /// Lines of JSON as Google Cloud Logging's agents and Cloud Run read them.
    public static var gcp: GoogleCloudLayout { GoogleCloudLayout() }
}

/// Lines of JSON as Google Cloud Logging takes them from the standard output of a service.
///
/// ```json
/// {"severity":"INFO","time":"2026-11-22T03:32:00.123456Z","message":"prediction served","logger":"mlops.prediction",
///  "logging.googleapis.com/sourceLocation":{"file":"Service/Model.swift","line":"42","function":"predict()"},
///  "request_id":"9f0c"}
/// ```
/// (on one line.) Trace is `DEBUG`, since there is nothing below it. An error becomes `exception`, and the line gets the
/// `@type` by which Error Reporting finds it.
public struct GoogleCloudLayout: BuiltInLayout {
    /// Creates the layout.
    public init() {}

    /// The keys that it writes.
    public var reservedKeys: [String] {
        ["severity", "time", "message", "logger", "logging.googleapis.com/sourceLocation", "exception", "@type"]
    }

    /// Writes the line.
    public func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        let line = line.bytes
        line.append("{\"severity\":\"")
        line.append(record.level == .trace ? "DEBUG" : record.level.upperName)
        line.append("\",\"time\":\"")
        record.buffer.writeTime(record.time, to: line)
        line.append("\",\"message\":")
        line.appendQuickJSONString(record.messageBytes)
        line.append(",\"logger\":\"")
        line.append(record.escapedLogger)
        line.append("\",\"logging.googleapis.com/sourceLocation\":{\"file\":")
        line.appendQuickJSONString(record.fileBytes)
        line.append(",\"line\":\"")
        line.append(integer: UInt64(record.line))
        line.append("\",\"function\":")
        line.appendQuickJSONString(record.functionBytes)
        line.append("}")
        record.appendFields(to: line)
        if let exception = record.exception {
            line.append(",\"exception\":")
            line.append(exception)
            line.append(",\"@type\":\"type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.")
            line.append("ReportedErrorEvent\"")
        }
        line.append("}\n")
    }
}
