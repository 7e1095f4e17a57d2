// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Synchronization

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
            clock: { 1_795_318_320_123_456_789 }
        )
    }
}
