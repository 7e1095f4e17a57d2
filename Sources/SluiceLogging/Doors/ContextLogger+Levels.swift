// SPDX-License-Identifier: Apache-2.0

public import Logging

// One function for each level, with and without fields: so a call is one comparison where the level is not logged, and
// the fields a trailing closure where it is.
extension ContextLogger {
    /// Logs at a level that is known only at run time.
    ///
    /// - Parameters:
    ///   - level: how severe it is.
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    @inline(__always)
    public func log(
        level: Logger.Level,
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        guard isEnabled(level) else { return }
        write(level, message(), error: error(), file: file, function: function, line: line, hasFields: true, fields)
    }

    /// Logs at a level that is known only at run time.
    ///
    /// - Parameters:
    ///   - level: how severe it is.
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    @inline(__always)
    public func log(
        level: Logger.Level,
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        guard isEnabled(level) else { return }
        write(level, message(), error: error(), file: file, function: function, line: line, hasFields: false) { _ in }
    }

    /// Logs what is of use only while following the course of one computation.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func trace(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .trace, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what is of use only while following the course of one computation.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func trace(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .trace, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what is of use while looking for a fault.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func debug(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .debug, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what is of use while looking for a fault.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func debug(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .debug, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what happens in the normal course of things.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func info(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .info, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what happens in the normal course of things.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func info(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .info, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what is normal, but deserves attention.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func notice(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .notice, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what is normal, but deserves attention.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func notice(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .notice, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what is no fault, but may lead to one.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func warning(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .warning, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what is no fault, but may lead to one.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func warning(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .warning, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what failed.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func error(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .error, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what failed.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func error(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .error, message(), error: error(), file: file, function: function, line: line)
    }

    /// Logs what needs somebody at once.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    ///   - fields: sets the line's fields.
    @inlinable
    public func critical(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line,
        fields: (borrowing LogFields) -> Void
    ) {
        log(level: .critical, message(), error: error(), file: file, function: function, line: line, fields: fields)
    }

    /// Logs what needs somebody at once.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - error: becomes the line's `exception`.
    ///   - file: the file that logs; the compiler says it.
    ///   - function: the function that logs; likewise.
    ///   - line: the line that logs; likewise.
    @inlinable
    public func critical(
        _ message: @autoclosure () -> String,
        error: @autoclosure () -> (any Error)? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        line: UInt = #line
    ) {
        log(level: .critical, message(), error: error(), file: file, function: function, line: line)
    }
}
