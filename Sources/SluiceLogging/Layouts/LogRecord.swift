// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// An event on its way into a line. It is good only while the layout writes that line.
public struct LogRecord: ~Copyable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// How severe it is.
    public let level: Logger.Level
    /// 1-based.
    public let line: UInt
    /// What was passed as the error, if anything was.
    public let error: (any Error)?

    /// The message's UTF-8; what follows likewise.
    let messageBytes: ByteView
    let moduleBytes: ByteView
    let fileBytes: ByteView
    let functionBytes: ByteView
    unowned(unsafe) let entry: LoggerEntry
    unowned(unsafe) let buffer: LineBuffer
    unowned(unsafe) var group: LayoutGroup

    @inline(__always)
    init(
        time: Int64,
        level: Logger.Level,
        error: (any Error)?,
        message: ByteView,
        source: LineBuffer.Source,
        entry: LoggerEntry,
        buffer: LineBuffer,
        group: LayoutGroup
    ) {
        self.time = time
        self.level = level
        self.error = error
        line = source.line
        messageBytes = message
        moduleBytes = source.module
        fileBytes = source.file
        functionBytes = source.function
        unsafe self.entry = entry
        unsafe self.buffer = buffer
        unsafe self.group = group
    }

    /// The logger's name.
    public var logger: String { unsafe entry.name }
    /// What happened.
    public var message: String { messageBytes.string }
    /// The module that logged, as in `Service`.
    public var module: String { moduleBytes.string }
    /// The file that logged, as in `Service/Model.swift`.
    public var file: String { fileBytes.string }
    /// The function that logged, as in `predict()`.
    public var function: String { functionBytes.string }

    /// Runs `body` for each field in the order of lines, with its value as JSON.
    public func forEachField(_ body: (_ key: String, _ json: String) -> Void) {
        forEachMember { key, value in
            let name = ByteArena(capacity: 64)
            name.appendUnescaped(key)
            body(name.string, value.string)
        }
    }

    /// Keys and values as they stand in JSON, the keys without their quotes.
    func forEachMember(_ body: (_ key: ByteView, _ value: ByteView) -> Void) {
        let blocks = unsafe buffer.blocks
        for index in 0..<(unsafe blocks.count) {
            let set = unsafe blocks[index].takeUnretainedValue()
            for member in set.members { body(set.bytes.view(member.key), set.bytes.view(member.value)) }
        }
    }

    /// The logger's name as the inside of a JSON string.
    @inline(__always) var escapedLogger: ByteView { unsafe entry.escapedName.view }

    /// The error as a JSON object, if there is one.
    var exception: ByteView? { error == nil ? nil : unsafe buffer.exception.view }

    @inline(__always)
    func appendFields(to line: ByteArena) {
        let blocks = unsafe buffer.blocks
        for index in 0..<(unsafe blocks.count) {
            unsafe blocks[index]._withUnsafeGuaranteedRef { unsafe $0.write(to: line, reserved: group.reserved) }
        }
    }
}
