// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite("Writing in the background")
struct BackgroundDestinationTests {
    private static let notice = DropNotice { dropped, _ in "\(dropped) dropped" }

    /// A queue for three lines whose thread is stuck with a first line.
    private static func stuck(
        _ overflow: QueuePolicy.Overflow
    ) -> (gate: GateDestination, background: BackgroundDestination) {
        let gate = GateDestination()
        gate.shut()
        let policy = QueuePolicy(maximumLines: 3, overflow: overflow)
        let background = BackgroundDestination(gate, policy: policy, notice: notice)
        background.write(line: "first\n")
        gate.waitForWriter()
        return (gate, background)
    }

    @Test("Lines are written in order, and flush waits for them")
    func order() {
        let memory = MemoryDestination()
        let background = BackgroundDestination(memory)
        for number in 0..<1000 { background.write(line: "\(number)\n") }
        background.flush()
        #expect(memory.lines == (0..<1000).map { "\($0)\n" })
        background.write(line: "last\n")
        background.close()
        #expect(memory.lines.last == "last\n")
        background.write(line: "lost\n")
        #expect(memory.lines.last == "last\n")
        #expect(background.droppedLines == 1)
    }

    @Test("The newest are dropped, counted, and missed in the log where they are missing")
    func dropNewest() {
        let (gate, background) = Self.stuck(.dropNewest)
        for number in 0..<5 { background.write(line: "\(number)\n") }
        #expect(background.droppedLines == 2)
        gate.open()
        background.flush()
        background.write(line: "after\n")
        background.close()
        #expect(gate.lines == ["first\n", "0\n", "1\n", "2\n", "2 dropped\n", "after\n"])
        #expect(gate.levels[4] == .warning)
        #expect(background.droppedLines == 2)
    }

    @Test("The oldest are dropped, counted, and missed in the log where they are missing")
    func dropOldest() {
        let (gate, background) = Self.stuck(.dropOldest)
        for number in 0..<5 { background.write(line: "\(number)\n") }
        #expect(background.droppedLines == 2)
        gate.open()
        background.close()
        #expect(gate.lines == ["first\n", "2 dropped\n", "2\n", "3\n", "4\n"])
    }

    @Test("Below a level they are dropped, from it up they wait")
    func dropBelow() async {
        let (gate, background) = Self.stuck(.dropBelow(.warning))
        for number in 0..<3 { background.write(line: "\(number)\n") }
        background.write(line: "dropped\n", level: .info)
        #expect(background.droppedLines == 1)
        await withTaskGroup { group in
            group.addTask { background.write(line: "waits\n", level: .error) }
            group.addTask {
                usleep(20_000)
                gate.open()
            }
        }
        background.close()
        #expect(gate.lines.filter { $0 != "1 dropped\n" } == ["first\n", "0\n", "1\n", "2\n", "waits\n"])
        #expect(gate.lines.contains("1 dropped\n"))
        #expect(gate.levels[gate.lines.firstIndex(of: "waits\n") ?? 0] == .error)
        #expect(background.droppedLines == 1)
    }

    @Test("With a queue that blocks nothing is lost, however slow the destination")
    func block() async {
        let memory = MemoryDestination()
        let policy = QueuePolicy(maximumBytes: 64, maximumLines: 4, overflow: .block)
        let background = BackgroundDestination(memory, policy: policy)
        await withTaskGroup { group in
            for task in 0..<4 {
                group.addTask { for number in 0..<500 { background.write(line: "\(task) \(number)\n") } }
            }
        }
        background.flush()
        for task in 0..<4 {
            #expect(memory.lines.filter { $0.hasPrefix("\(task) ") } == (0..<500).map { "\(task) \($0)\n" })
        }
        #expect(background.droppedLines == 0)
    }

    @Test("The notice of the default layout is one line of JSON with the count")
    func defaultNotice() throws {
        let gate = GateDestination()
        gate.shut()
        let policy = QueuePolicy(maximumLines: 1, overflow: .dropNewest)
        let background = BackgroundDestination(gate, policy: policy)
        background.write(line: "first\n")
        gate.waitForWriter()
        for _ in 0..<5 { background.write(line: "x\n") }
        gate.open()
        background.close()
        let line = try LogLine(try #require(gate.lines.last))
        let keys = ["timestamp", "level", "logger", "message", "module", "function", "line", "dropped_lines"]
        #expect(line.keys == keys)
        #expect(line["level"] == "\"WARNING\"")
        #expect(line["dropped_lines"] == "4")
    }

    @Test("The notice has the layout that the engine's lines have, and the new one after a change")
    func noticeInTheOutputsLayout() throws {
        let gate = GateDestination()
        let background = BackgroundDestination(gate, policy: QueuePolicy(maximumLines: 1, overflow: .dropNewest))
        let text = TextLayout(color: .never)
        let pattern = try PatternLayout("%(levelname)s %(name)s %(fields)s")
        let engine = LogEngine(LogConfiguration(outputs: [LogOutput(background, layout: text)]))
        func overflow() {
            gate.shut()
            background.write(line: "first\n")
            gate.waitForWriter()
            for _ in 0..<4 { background.write(line: "x\n") }
            gate.open()
            background.flush()
        }
        overflow()
        let message = "log lines were dropped because the queue was full"
        #expect(gate.lines.last?.dropFirst(24) == "[WARNING] sluice.logging: \(message) dropped_lines=3\n")
        engine.configure(LogConfiguration(outputs: [LogOutput(background, layout: pattern)]))
        overflow()
        #expect(gate.lines.last == "WARNING sluice.logging dropped_lines=3\n")
        #expect(gate.levels.last == .warning)
        background.close()
    }

    @Test("Whoever waits for room is let go when the destination is closed")
    func closeWhileBlocked() async {
        let (gate, background) = Self.stuck(.block)
        for number in 0..<3 { background.write(line: "\(number)\n") }
        await withTaskGroup { group in
            group.addTask { background.write(line: "waits\n") }
            group.addTask {
                usleep(20_000)
                gate.open()
                background.close()
            }
        }
        // Written or counted, depending on who came first.
        #expect(gate.lines.count + background.droppedLines == 5)
    }
}

extension LogDestination {
    func write(line: String, level: Logger.Level) {
        let bytes = Array(line.utf8)
        unsafe bytes.withUnsafeBytes { write(unsafe $0.bytes, level: level) }
    }
}
