// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Testing

@Suite("Queue of lines")
struct LineQueueTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var overflow: QueuePolicy.Overflow
        var maximumBytes = 1 << 20
        var maximumLines = 3
        var offered: [(String, Logger.Level)]
        /// t: taken, d: dropped, w: to wait.
        var verdicts: String
        var waiting: [String]
        var dropped: Int
        var isGapBefore = false

        var testDescription: String { "\(overflow), \(maximumBytes) bytes, \(maximumLines) lines: \(verdicts)" }
    }

    private static let five: [(String, Logger.Level)] = [
        ("a", .info), ("b", .error), ("c", .info), ("d", .error), ("e", .debug),
    ]

    @Test(
        "What becomes of one more line",
        arguments: [
            Row(overflow: .block, offered: five, verdicts: "tttww", waiting: ["a", "b", "c"], dropped: 0),
            Row(overflow: .dropNewest, offered: five, verdicts: "tttdd", waiting: ["a", "b", "c"], dropped: 2),
            Row(
                overflow: .dropOldest,
                offered: five,
                verdicts: "ttttt",
                waiting: ["c", "d", "e"],
                dropped: 2,
                isGapBefore: true
            ),
            Row(
                overflow: .dropBelow(.warning),
                offered: five,
                verdicts: "tttwd",
                waiting: ["a", "b", "c"],
                dropped: 1
            ),
            // By bytes, newlines included.
            Row(
                overflow: .dropNewest,
                maximumBytes: 6,
                maximumLines: 99,
                offered: [("a", .info), ("bb", .info), ("c", .info), ("", .info)],
                verdicts: "ttdt",
                waiting: ["a", "bb", ""],
                dropped: 1
            ),
            Row(
                overflow: .dropOldest,
                maximumBytes: 6,
                maximumLines: 99,
                offered: [("a", .info), ("bb", .info), ("ccc", .info), ("dddddddd", .info)],
                verdicts: "tttt",
                waiting: ["dddddddd"],
                dropped: 3,
                isGapBefore: true
            ),
            // An empty queue takes any line.
            Row(
                overflow: .block,
                maximumBytes: 1,
                maximumLines: 0,
                offered: [("long", .info), ("b", .info)],
                verdicts: "tw",
                waiting: ["long"],
                dropped: 0
            ),
        ]
    )
    func table(_ row: Row) {
        var queue = LineQueue(
            policy: QueuePolicy(
                maximumBytes: row.maximumBytes,
                maximumLines: row.maximumLines,
                overflow: row.overflow
            )
        )
        var verdicts = ""
        for (text, level) in row.offered {
            "\(text)\n".withByteView { line in
                switch queue.offer(line, level) {
                case .taken: verdicts += "t"
                case .dropped: verdicts += "d"
                case .wait: verdicts += "w"
                }
            }
        }
        #expect(verdicts == row.verdicts)
        #expect(queue.totalDropped == row.dropped)
        let batch = queue.take(leaving: LineBlock())
        let memory = MemoryDestination()
        batch.lines.write(to: memory)
        #expect(memory.lines == row.waiting.map { $0 + "\n" })
        #expect(batch.dropped == row.dropped)
        #expect(batch.isGapBefore == row.isGapBefore)
        #expect(batch.departed == queue.taken)
        #expect(queue.isIdle)
        // What was said is not said again.
        #expect(queue.take(leaving: LineBlock()).dropped == 0)
    }

    @Test("The oldest lines go while memory stays bounded, and levels stay with their lines")
    func longRow() {
        var queue = LineQueue(policy: QueuePolicy(maximumBytes: 200_000, maximumLines: 1000, overflow: .dropOldest))
        let levels: [Logger.Level] = [.debug, .info, .warning, .error]
        for number in 0..<20_000 {
            "\(number)\(String(repeating: "x", count: 150 + number % 100))\n".withByteView { line in
                _ = queue.offer(line, levels[number % 4])
            }
        }
        let batch = queue.take(leaving: LineBlock())
        let memory = MemoryDestination()
        batch.lines.write(to: memory)
        #expect(memory.lines.count + batch.dropped == 20_000)
        #expect(memory.lines.reduce(0) { $0 + $1.utf8.count } <= 200_000)
        let numbers = memory.lines.compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(numbers == Array((20_000 - numbers.count)..<20_000))
        #expect(memory.levels == numbers.map { levels[$0 % 4] })
    }
}
