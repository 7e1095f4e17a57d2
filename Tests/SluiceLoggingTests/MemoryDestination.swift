// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Synchronization
import Testing

/// Keeps the lines it is given.
final class MemoryDestination: LogDestination {
    private let kept = Mutex<[(text: String, level: Logger.Level)]>([])

    var lines: [String] { kept.withLock { $0.map(\.text) } }
    var levels: [Logger.Level] { kept.withLock { $0.map(\.level) } }

    func write(_ line: RawSpan, level: Logger.Level) {
        let text = unsafe line.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        kept.withLock { $0.append((text, level)) }
    }

    func flush() {}
    func close() {}

    /// A handler that writes here and takes every time for 2026-11-22T03:32:00.123456Z.
    func handler(
        label: String = "test",
        level: Logger.Level = .trace,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = nil
    ) -> JSONLogHandler {
        JSONLogHandler(
            label: label,
            destination: self,
            level: level,
            metadata: metadata,
            metadataProvider: metadataProvider,
            clock: Self.clock
        )
    }

    /// 2026-11-22T03:32:00.123456789Z, always.
    static let clock: @Sendable () -> Int64 = { 1_795_318_320_123_456_789 }

    /// An engine that writes here, and to whatever else the configuration says.
    func engine(
        level: Logger.Level = .trace,
        layout: some LogLayout = .json,
        _ change: (inout LogConfiguration) -> Void = { _ in }
    ) -> LogEngine {
        var configuration = LogConfiguration(level: level, outputs: [LogOutput(self, layout: layout)])
        change(&configuration)
        return LogEngine(configuration, clock: Self.clock)
    }

    /// The only line there is, taken apart.
    func onlyLine() throws -> LogLine {
        let lines = lines
        try #require(lines.count == 1)
        return try LogLine(lines[0])
    }
}
