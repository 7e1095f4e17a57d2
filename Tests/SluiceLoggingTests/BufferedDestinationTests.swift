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

@Suite("Writing with a buffer")
struct BufferedDestinationTests {
    /// So long that it plays no part.
    private static let never = Duration.seconds(1 << 30)

    private func buffered(
        _ memory: MemoryDestination,
        maximumBytes: Int = 1 << 20,
        interval: Duration = never,
        flushLevel: Logger.Level? = nil
    ) -> BufferedDestination {
        let policy = BufferPolicy(maximumBytes: maximumBytes, interval: interval, flushLevel: flushLevel)
        let buffered = BufferedDestination(memory, policy: policy)
        // The first line is written at once, because there is no thread yet.
        buffered.flush()
        return buffered
    }

    @Test("Lines are held back until they are flushed or closed")
    func flush() {
        let memory = MemoryDestination()
        let buffered = buffered(memory)
        for number in 0..<3 { buffered.write(line: "\(number)\n") }
        #expect(memory.lines == [])
        buffered.flush()
        #expect(memory.lines == ["0\n", "1\n", "2\n"])
        buffered.write(line: "3\n")
        #expect(memory.lines.count == 3)
        buffered.close()
        #expect(memory.lines.last == "3\n")
        buffered.write(line: "lost\n")
        #expect(memory.lines.count == 4)
        #expect(buffered.droppedLines == 1)
    }

    @Test("A full buffer is written")
    func size() {
        let memory = MemoryDestination()
        let buffered = buffered(memory, maximumBytes: 10)
        for number in 0..<7 { buffered.write(line: "\(number)23\n") }
        #expect(memory.lines.count == 6)
    }

    @Test("A line at the flush level is not held back, nor are those before it")
    func level() {
        let memory = MemoryDestination()
        let buffered = buffered(memory, flushLevel: .error)
        buffered.write(line: "info\n", level: .info)
        buffered.write(line: "warning\n", level: .warning)
        #expect(memory.lines == [])
        buffered.write(line: "error\n", level: .error)
        buffered.write(line: "info\n", level: .info)
        #expect(memory.lines == ["info\n", "warning\n", "error\n"])
        #expect(memory.levels == [.info, .warning, .error])
        buffered.write(line: "critical\n", level: .critical)
        #expect(memory.lines.count == 5)
    }

    @Test("Lines are written by themselves when their time has come")
    func interval() {
        let memory = MemoryDestination()
        let buffered = buffered(memory, interval: .milliseconds(5))
        buffered.write(line: "x\n")
        buffered.write(line: "y\n")
        while memory.lines.count < 2 { usleep(1000) }
        #expect(memory.lines == ["x\n", "y\n"])
        withExtendedLifetime(buffered) {}
    }

    @Test("Several lines at once are taken one by one")
    func severalAtOnce() {
        let memory = MemoryDestination()
        let buffered = buffered(memory, flushLevel: .error)
        let bytes = Array("a\nb\nc\n".utf8)
        let levels: [Logger.Level] = [.info, .error, .debug]
        unsafe bytes.withUnsafeBytes { buffered.write(unsafe $0.bytes, levels: levels.span) }
        #expect(memory.lines == ["a\n", "b\n"])
        buffered.flush()
        #expect(memory.lines == ["a\n", "b\n", "c\n"])
        #expect(memory.levels == levels)
    }

    @Test("A block goes to the files as its lines would have gone one by one")
    func blockAcrossFiles() throws {
        let directory = try TemporaryDirectory()
        let lines = (0..<40).map { "line \($0) \(String(repeating: "x", count: $0 * 7 % 31))\n" }
        for (name, mode) in [
            ("one", WritingMode.immediate),
            ("two", .buffered(BufferPolicy(interval: Self.never, flushLevel: nil))),
        ] {
            let file = try RotatingFile(
                path: "\(directory.path)/\(name)/app.log",
                rotation: RotationPolicy(maximumBytes: 100),
                retention: .unlimited
            )
            let destination = file.writing(mode)
            destination.flush()
            for line in lines { destination.write(line: line) }
            destination.close()
        }
        let names = TemporaryDirectory.names(in: directory.path + "/one")
        #expect(names.count > 5)
        #expect(TemporaryDirectory.names(in: directory.path + "/two") == names)
        for name in names {
            let one = TemporaryDirectory.read("\(directory.path)/one/\(name)")
            #expect(TemporaryDirectory.read("\(directory.path)/two/\(name)") == one)
        }
    }
}
