// What "Files and rotation" and the README show.

import Logging
import ServiceLifecycle
import SluiceLogging
import Synchronization

func rotation() throws {
    // snippet.rotation
    let file = try RotatingFile(
        path: "/var/log/mlops/api.log",
        rotation: RotationPolicy(maximumBytes: 10 << 20, schedule: .daily(hour: 3), timeZone: .local, naming: .dated),
        retention: RetentionPolicy(maximumCount: 30, maximumAge: .seconds(30 * 86_400), maximumTotalBytes: 2 << 30),
        compression: CompressionPolicy(level: 6),
        sync: .level(.error)
    )
    let destination = file.writing(.background(QueuePolicy(overflow: .dropBelow(.warning))))
    LoggingSystem.bootstrap { label in JSONLogHandler(label: label, destination: destination) }
    // snippet.end
}

func modes(_ file: RotatingFile) {
    // snippet.modes
    let immediate = file.writing(.immediate)
    let buffered = file.writing(.buffered(BufferPolicy(interval: .seconds(1), flushLevel: .error)))
    let background = file.writing(.background(QueuePolicy(maximumBytes: 8 << 20, overflow: .dropOldest)))
    // snippet.end
    _ = (immediate, buffered, background)
}

func output(_ file: RotatingFile) {
    // snippet.output
    let output = LogOutput(file.writing(.buffered(BufferPolicy())), level: .info)
    LogEngine.shared.configure(LogConfiguration(outputs: [output]))
    // snippet.end
}

func shutdown(_ server: any Service, _ logger: Logger) async throws {
    // snippet.shutdown
    let group = ServiceGroup(
        services: [LogFlushService(), server],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger
    )
    try await group.run()
    // snippet.end
}

func outsideRotation() {
    // snippet.hangup
    HangupSignal.reopensFiles()
    // snippet.end
}

// snippet.own-destination
/// Keeps the last lines in memory, as for a page that shows them.
final class RecentLines: LogDestination {
    private let lines = Mutex<[String]>([])

    func write(_ line: RawSpan, level: Logger.Level) {
        let text = line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        lines.withLock { lines in
            lines.append(text)
            if lines.count > 100 { lines.removeFirst() }
        }
    }

    func flush() {}
    func close() {}

    var recent: [String] { lines.withLock { $0 } }
}
// snippet.end
