// SPDX-License-Identifier: Apache-2.0

public import Logging

/// An attribute of swift-log's metadata values that says whether a line may show them.
///
/// ```swift
/// logger.info("signed in", metadata: ["email": .sensitive(email), "user": "\(name, attributes: [LogSensitivity.sensitive])"])
/// ```
public enum LogSensitivity: Int64, Logger.MetadataValueAttributes.Attribute {
    /// It may be shown, as anything may that says nothing.
    case open = 0
    /// It is replaced.
    case sensitive = 1
}

extension Logger.MetadataValue {
    /// A value that lines do not show.
    public static func sensitive(_ value: some CustomStringConvertible & Sendable) -> Logger.MetadataValue {
        .attributed(value, attributes: [LogSensitivity.sensitive])
    }
}

/// A value that lines do not show: `$0["email"] = .sensitive(email)`.
public struct SensitiveValue<Value: LogValue>: LogValue {
    /// What is not shown.
    public var value: Value

    /// Wraps a value.
    public init(_ value: Value) { self.value = value }

    /// A value that lines do not show.
    public static func sensitive(_ value: Value) -> SensitiveValue { SensitiveValue(value) }

    /// Writes what stands there instead.
    public func write(to writer: inout LogValueWriter) {
        if writer.showsSensitiveValues { value.write(to: &writer) } else { writer.writeRedacted() }
    }
}

extension SensitiveValue: Sendable where Value: Sendable {}
