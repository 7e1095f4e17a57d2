// SPDX-License-Identifier: Apache-2.0

/// What came to Logstash. It cannot tell a repeat: a line may come again where its acknowledgement was lost, and only
/// there.
struct LogstashAccount: Sendable {
    struct Line: Sendable {
        var writer: UInt16
        var number: UInt32
    }

    private struct Window: Sendable {
        var time: Int64
        var connection: Int
        /// How many of its lines, from the first on.
        var acknowledged: Int
        var lines: [Line]
    }

    /// An acknowledgement that was written this long before its connection ended may never have been read: the agent may
    /// have been stopped, or have given up waiting. Nanoseconds.
    private static let doubt = 5 * MachineClock.second

    private var windows: [Window] = []
    /// When connections ended.
    private var ends: [Int: Int64] = [:]
    private var seen: [[Bool]]
    /// Different lines.
    private(set) var total = 0

    init(writers: Int) { seen = Array(repeating: [], count: writers) }

    mutating func take(_ lines: [Line], acknowledged: Int, connection: Int) {
        let now = MachineClock.monotonic()
        windows.append(Window(time: now, connection: connection, acknowledged: acknowledged, lines: lines))
        for line in lines {
            let (writer, number) = (Int(line.writer), Int(line.number))
            while seen[writer].count <= number { seen[writer].append(false) }
            if !seen[writer][number] { total += 1 }
            seen[writer][number] = true
        }
    }

    mutating func ended(connection: Int) { ends[connection] = MachineClock.monotonic() }

    func has(_ writer: Int, _ number: Int) -> Bool { number < seen[writer].count && seen[writer][number] }

    /// Lines that came again although the agent had heard that they had come, and how many came again with reason.
    ///
    /// - Parameter forgotten: spans in which the agent may have heard of something and not kept it, because it was killed.
    func repeats(forgotten: [Span]) -> (wrong: [Line], excused: Int) {
        var isHeard = seen.map { [Bool](repeating: false, count: $0.count) }
        var hasCome = isHeard
        var wrong: [Line] = []
        var excused = 0
        for window in windows {
            let isKept =
                ends[window.connection, default: .max] - window.time > Self.doubt
                && !forgotten.contains { $0.clipped(window.time, window.time + 1) != nil }
            for (place, line) in window.lines.enumerated() {
                let (writer, number) = (Int(line.writer), Int(line.number))
                if isHeard[writer][number] {
                    wrong.append(line)
                } else if hasCome[writer][number] {
                    excused += 1
                }
                hasCome[writer][number] = true
                if isKept, place < window.acknowledged { isHeard[writer][number] = true }
            }
        }
        return (wrong, excused)
    }
}
