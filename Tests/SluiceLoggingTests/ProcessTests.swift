// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What becomes of lines when a process ends, forks or is sent a signal.
@Suite("Process")
struct ProcessTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/app.log" }

    @Test("At the normal end of the process nothing is held back", arguments: ["buffered", "background", "both"])
    func normalEnd(_ mode: String) async {
        let path = path
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String, mode = mode as String] in
            let file = try RotatingFile(path: path)
            let buffer = WritingMode.buffered(BufferPolicy(interval: .seconds(1000), flushLevel: nil))
            let destination: any LogDestination =
                switch mode {
                case "buffered": file.writing(buffer)
                case "background": file.writing(.background(QueuePolicy()))
                default: file.writing(buffer).writing(.background(QueuePolicy()))
                }
            for number in 0..<1000 { destination.write(line: "\(number)\n") }
            withExtendedLifetime(destination) { exit(3) }
        }
        #expect(TemporaryDirectory.read(path) == (0..<1000).map { "\($0)\n" }.joined())
    }

    @Test("The process ends even if what it logs to stands still")
    func endWhileStuck() async {
        await #expect(processExitsWith: .exitCode(3)) {
            let gate = GateDestination()
            gate.shut()
            let background = BackgroundDestination(gate)
            background.write(line: "x\n")
            withExtendedLifetime(background) { exit(3) }
        }
    }

    @Test("Flush and shutdown reach every destination of the process")
    func shutdown() async {
        let path = path
        await #expect(processExitsWith: .success) { [path = path as String] in
            let buffer = WritingMode.buffered(BufferPolicy(interval: .seconds(1000), flushLevel: nil))
            let file = try RotatingFile(path: path)
            let destination = file.writing(buffer)
            destination.flush()
            destination.write(line: "1\n")
            LoggingShutdown.flush()
            #expect(TemporaryDirectory.read(path) == "1\n")
            destination.write(line: "2\n")
            LoggingShutdown.shutdown()
            #expect(TemporaryDirectory.read(path) == "1\n2\n")
            destination.write(line: "3\n")
            #expect(TemporaryDirectory.read(path) == "1\n2\n")
            #expect(destination.droppedLines == 1)
        }
    }

    @Test("A hangup signal reopens the file at the next line, and other handlers are called as well")
    func hangup() async {
        let path = path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGHUP) { _ in hangupsSeenByOthers += 1 }
            HangupSignal.reopensFiles()
            let file = try RotatingFile(path: path, checkInterval: .max / 4)
            let destination = file.writing(.background(QueuePolicy()))
            destination.write(line: "1\n")
            destination.flush()
            try #require(unsafe rename(path, path + ".moved") == 0)
            // Threads that tests run on have signals blocked.
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe pthread_sigmask(SIG_UNBLOCK, &all, nil)
            raise(SIGHUP)
            destination.write(line: "2\n")
            destination.flush()
            #expect(TemporaryDirectory.read(path + ".moved") == "1\n")
            #expect(TemporaryDirectory.read(path) == "2\n")
            let seen = unsafe hangupsSeenByOthers
            #expect(seen == 1)
        }
    }

    @Test(
        "A process that forks while others log neither hangs nor loses or doubles a line",
        arguments: ["immediate", "buffered", "background", "console"]
    )
    func fork(_ mode: String) async throws {
        let path = path
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [path = path as String, mode = mode as String] in
            let file = try RotatingFile(
                path: path,
                rotation: RotationPolicy(maximumBytes: 20_000),
                retention: .unlimited
            )
            let writing: WritingMode =
                switch mode {
                case "immediate", "console": .immediate
                case "buffered": .buffered(BufferPolicy(maximumBytes: 2000, interval: .milliseconds(1)))
                default: .background(QueuePolicy(maximumLines: 100))
                }
            let descriptor = unsafe open(path, O_WRONLY | O_APPEND)
            let console = ConsoleDestination(descriptor: descriptor, name: "the file")
            let destination: any LogDestination = mode == "console" ? console : file.writing(writing)
            let logging = Logging(destination)
            logging.start()
            for child in 0..<20 {
                let process = Fork.call()
                if process == 0 {
                    // In the child: were it to hang, the signal would end it. This thread may have it blocked.
                    var signals = sigset_t()
                    unsafe sigemptyset(&signals)
                    unsafe sigaddset(&signals, SIGALRM)
                    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
                    alarm(20)
                    for number in 0..<50 { destination.write(line: "child \(child) \(number)\n") }
                    destination.flush()
                    _exit(destination.droppedLines == 0 ? 0 : 1)
                }
                var status: Int32 = -1
                while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
                #expect(status == 0)
            }
            logging.end()
            destination.close()
            #expect(destination.droppedLines == 0)

            var lines: [String] = []
            for name in TemporaryDirectory.names(in: String(path.dropLast("app.log".count))) {
                let text = TemporaryDirectory.read(path.dropLast("app.log".count) + name) ?? ""
                lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            }
            var expected: Set<String> = []
            for child in 0..<20 { for number in 0..<50 { expected.insert("child \(child) \(number)") } }
            for (thread, count) in logging.counts.withLock({ $0 }).enumerated() {
                for number in 0..<count { expected.insert("thread \(thread) \(number)") }
            }
            #expect(lines.count == expected.count)
            #expect(Set(lines) == expected)
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!said.contains("sluice-logging: "))
    }
}

nonisolated(unsafe) private var hangupsSeenByOthers = 0

/// Threads that log until they are told to end.
private final class Logging: @unchecked Sendable {  // `handles` is one thread's
    private let destination: any LogDestination
    let counts = Mutex([0, 0, 0])
    private let isEnding = Atomic<Bool>(false)
    private var handles: [pthread_t] = []

    private final class Argument {
        let logging: Logging
        let thread: Int
        init(_ logging: Logging, _ thread: Int) {
            self.logging = logging
            self.thread = thread
        }
    }

    init(_ destination: any LogDestination) { self.destination = destination }

    func start() {
        for thread in 0..<3 {
            var handle = pthread_t()
            let argument = unsafe Unmanaged.passRetained(Argument(self, thread)).toOpaque()
            unsafe pthread_create(
                &handle,
                nil,
                { argument in
                    if let argument = unsafe argument {
                        let argument = unsafe Unmanaged<Argument>.fromOpaque(argument).takeRetainedValue()
                        argument.logging.run(argument.thread)
                    }
                    return nil
                },
                argument
            )
            handles.append(handle)
        }
    }

    private func run(_ thread: Int) {
        var number = 0
        while !isEnding.load(ordering: .relaxed) {
            destination.write(line: "thread \(thread) \(number)\n")
            number += 1
            usleep(100)
        }
        counts.withLock { $0[thread] = number }
    }

    func end() {
        isEnding.store(true, ordering: .relaxed)
        for handle in handles { pthread_join(handle, nil) }
    }
}
