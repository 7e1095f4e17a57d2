// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// An event on its way into a line. It is good only while the layout writes that line.
@safe
public struct LogRecord: ~Copyable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// How severe it is.
    public let level: Logger.Level
    /// 1-based.
    public let line: UInt
    let hasError: Bool

    /// The message's UTF-8; what follows likewise.
    let messageBytes: ByteView
    private let ownModule: ByteView
    private let ownModules: Int
    let fileBytes: ByteView
    let functionBytes: ByteView
    /// `,"module":…,"function":…,"line":…`, if that is known already; else empty.
    let site: ByteView
    // All of these live until the line is written. As references they would be retained and released at every use.
    private let entryReference: Unmanaged<LoggerEntry>
    private let bufferReference: Unmanaged<LineBuffer>

    var entry: LoggerEntry { unsafe entryReference.takeUnretainedValue() }
    var buffer: LineBuffer { unsafe bufferReference.takeUnretainedValue() }
    /// The rules that hold for values.
    private let routeReference: Unmanaged<LogRoute>
    var policy: EncodingPolicy { unsafe routeReference._withUnsafeGuaranteedRef { $0.policy } }

    @inline(__always)
    init(
        time: Int64,
        level: Logger.Level,
        hasError: Bool,
        message: ByteView,
        source: LineBuffer.Source,
        entry: LoggerEntry,
        buffer: LineBuffer,
        route: LogRoute
    ) {
        self.time = time
        self.level = level
        self.hasError = hasError
        line = source.line
        messageBytes = message
        ownModule = source.ownModule
        ownModules = source.ownModules
        fileBytes = source.file
        functionBytes = source.function
        site = source.site
        unsafe entryReference = Unmanaged.passUnretained(entry)
        unsafe bufferReference = Unmanaged.passUnretained(buffer)
        unsafe routeReference = Unmanaged.passUnretained(route)
    }

    /// What was passed as the error, if anything was.
    public var error: (any Error)? { hasError ? buffer.error : nil }
    /// The logger's name.
    public var logger: String { entry.name }
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
        let leftOut = buffer.leftOut
        guard leftOut > 0 else { return }
        let number = ByteArena(capacity: 64)
        number.append(decimal: leftOut)
        body(ByteView("truncated"), number.view)
    }

    /// The module, which is the beginning of the file if it is not said.
    var moduleBytes: ByteView { ownModules > 0 ? ownModule : CallSites.module(of: fileBytes) }

    /// `Model.swift` of `Service/Model.swift`.
    var fileName: ByteView {
        var start = fileBytes.count
        while start > 0, fileBytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
        return fileBytes[start..<fileBytes.count]
    }

    /// The same with another message.
    func with(message: ByteView) -> LogRecord {
        let source = LineBuffer.Source(
            file: fileBytes,
            function: functionBytes,
            line: line,
            site: site,
            ownModule: ownModule,
            ownModules: ownModules
        )
        return unsafe LogRecord(
            time: time,
            level: level,
            hasError: hasError,
            message: message,
            source: source,
            entry: entry,
            buffer: buffer,
            route: routeReference.takeUnretainedValue()
        )
    }

    /// The logger's name as the inside of a JSON string.
    @inline(__always) var escapedLogger: ByteView {
        unsafe entryReference._withUnsafeGuaranteedRef { $0.escapedName.view }
    }

    /// What the default layout has between time and message.
    @inline(__always) var escapedLevelAndLogger: ByteView {
        unsafe entryReference._withUnsafeGuaranteedRef { $0.levelAndName(rank: LevelRank.of(level)) }
    }

    @inline(__always) var hasFields: Bool { unsafe bufferReference._withUnsafeGuaranteedRef { $0.hasFields } }

    /// The error as a JSON object, if there is one.
    var exception: ByteView? { hasError ? buffer.exception.view : nil }

    @inline(__always)
    func appendFields(to line: ByteArena) {
        unsafe bufferReference._withUnsafeGuaranteedRef { $0.appendFields(to: line) }
    }

    @inline(__always)
    func writeTime(to cursor: inout ByteCursor) {
        unsafe bufferReference._withUnsafeGuaranteedRef { $0.writeTime(time, to: &cursor) }
    }
}
