// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension LogLayout where Self == ECSLayout {
    /// Lines of JSON in the Elastic Common Schema, as Kibana and Elastic's own loggers have them.
    public static var ecs: ECSLayout { ECSLayout() }
}

/// Lines of JSON in the Elastic Common Schema, version 8.11.
///
/// ```json
/// {"@timestamp":"2026-11-22T03:32:00.123456Z","log.level":"INFO","message":"prediction served","ecs.version":"8.11.0",
///  "log.logger":"mlops.prediction","log.origin.file.name":"Model.swift","log.origin.file.line":42,
///  "log.origin.function":"predict()","request_id":"9f0c"}
/// ```
/// (on one line.) An error becomes `error.type` and `error.message`, `error.stack_trace` if it carries one, and
/// whatever else it carries under `error.details`.
public struct ECSLayout: BuiltInLayout {
    /// Creates the layout.
    public init() {}

    /// The keys of the schema that it writes.
    public var reservedKeys: [String] {
        [
            "@timestamp", "log.level", "message", "ecs.version", "log.logger", "log.origin.file.name",
            "log.origin.file.line", "log.origin.function", "error.type", "error.message", "error.stack_trace",
            "error.details",
        ]
    }

    /// Writes the line.
    public func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        let line = line.bytes
        line.append("{\"@timestamp\":\"")
        record.buffer.writeTime(record.time, to: line)
        line.append("\",\"log.level\":\"")
        line.append(record.level.upperName)
        line.append("\",\"message\":")
        line.appendQuickJSONString(record.messageBytes)
        line.append(",\"ecs.version\":\"8.11.0\",\"log.logger\":\"")
        line.append(record.escapedLogger)
        line.append("\",\"log.origin.file.name\":")
        line.appendQuickJSONString(record.fileName)
        line.append(",\"log.origin.file.line\":")
        line.append(integer: UInt64(record.line))
        line.append(",\"log.origin.function\":")
        line.appendQuickJSONString(record.functionBytes)
        record.appendFields(to: line)
        if let error = record.error {
            let exception = EncodedException(error)
            let policy = record.policy
            line.append(",\"error.type\":")
            line.append(text: exception.type, policy: policy)
            line.append(",\"error.message\":")
            line.append(text: exception.message, policy: policy)
            if let trace = exception.stackTrace {
                line.append(",\"error.stack_trace\":")
                line.append(text: trace, policy: policy)
            }
            if exception.hasDetails {
                line.append(",\"error.details\":")
                exception.appendDetails(to: line, policy: policy)
            }
        }
        line.append("}\n")
    }
}
