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

@Suite("Console")
struct ConsoleDestinationTests {
    @Test("Lines go to the standard output and the standard error at once")
    func standardStreams() async {
        let result = await #expect(
            processExitsWith: .exitCode(7),
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            ConsoleDestination.standardOutput.write(line: "{\"to\":\"output\"}\n")
            ConsoleDestination.standardError.write(line: "{\"to\":\"error\"}\n")
            // Without running anything that would flush buffers.
            _exit(7)
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let error = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(output.contains("{\"to\":\"output\"}\n") && !output.contains("{\"to\":\"error\"}\n"))
        #expect(error.contains("{\"to\":\"error\"}\n"))
    }

    @Test("A reader that went away costs lines and not the process")
    func closedPipe() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            let destination = ConsoleDestination(descriptor: ends[1], name: "the pipe")
            destination.write(line: "read\n")
            #expect(destination.droppedLines == 0)
            close(ends[0])
            destination.write(line: "lost\n")
            destination.write(line: "lost\n")
            #expect(destination.droppedLines == 2)
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        let lines = said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }
        let expected = "cannot write to the pipe: Broken pipe; log lines are dropped until that is put right"
        #expect(lines == ["sluice-logging: \(expected)"])
    }

    @Test("A line that broke off is ended before the next")
    func brokenOff() throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        defer {
            close(ends[0])
            close(ends[1])
        }
        for end in ends { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        let destination = ConsoleDestination(descriptor: ends[1], name: "the pipe")
        // More than a pipe holds, and nobody reads: the line cannot be finished.
        destination.write(line: String(repeating: "x", count: 1 << 20) + "\n")
        #expect(destination.droppedLines == 1)
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while unsafe read(ends[0], &block, block.count) > 0 {}
        destination.write(line: "next\n")
        let count = unsafe read(ends[0], &block, block.count)
        #expect(String(decoding: block[..<max(0, count)], as: UTF8.self) == "\nnext\n")
        #expect(destination.droppedLines == 1)
    }

    @Test("After closing, lines are dropped and counted")
    func closed() throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        defer {
            close(ends[0])
            close(ends[1])
        }
        let destination = ConsoleDestination(descriptor: ends[1], name: "the pipe")
        destination.close()
        destination.write(line: "lost\n")
        #expect(destination.droppedLines == 1)
        #expect(fcntl(ends[1], F_GETFD) >= 0)
    }
}
