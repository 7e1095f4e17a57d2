// SPDX-License-Identifier: Apache-2.0

/// An error that carries more than its description into the log.
///
/// ```swift
/// extension ModelError: LoggableError {
///     var logMetadata: LogMetadata { ["model": name, "version": version] }
///     var underlyingError: (any Error)? { cause }
/// }
/// ```
/// A line then has `"exception":{"type":…,"message":…,"model":…,"version":…,"cause":{"type":…,"message":…}}`.
public protocol LoggableError: Error {
    /// Attributes of the error. `type`, `message`, `stack_trace` and `cause` get an underscore behind them.
    var logMetadata: LogMetadata { get }
    /// The error that led to this one.
    var underlyingError: (any Error)? { get }
    /// Where it happened, if it is known.
    var stackTrace: String? { get }
}

extension LoggableError {
    /// None.
    public var logMetadata: LogMetadata { [:] }
    /// None.
    public var underlyingError: (any Error)? { nil }
    /// Not known.
    public var stackTrace: String? { nil }
}
