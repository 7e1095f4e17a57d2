// SPDX-License-Identifier: Apache-2.0

import Logging

/// Says in the log that dead letters were dropped: at once, and then once a minute how many more. Of the committing
/// thread.
struct DroppedLetters {
    private static let pause: Int64 = 60_000_000_000

    private let logger: Logger
    private var counts: [String: Int] = [:]
    private var lastReport: Int64?

    init(_ logger: Logger) { self.logger = logger }

    /// - Parameter dropped: by output.
    mutating func report(_ dropped: [String: Int]) {
        counts.merge(dropped, uniquingKeysWith: +)
        let now = SystemClock.monotonic()
        guard !counts.isEmpty, lastReport.map({ now - $0 > Self.pause }) ?? true else { return }
        lastReport = now
        for output in counts.keys.sorted() {
            logger.error(
                "dead letters are dropped for want of room: see dead_letters.max_bytes",
                metadata: ["output": "\(output)", "events": "\(counts[output] ?? 0)"]
            )
        }
        counts = [:]
    }
}
