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

/// What becomes of signals, in processes that get them.
@Suite("Signals")
struct SignalTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Threads that tests run on have signals blocked.
    private static func takeSignals() {
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_UNBLOCK, &all, nil)
    }

    /// Waits until a file has so many lines; the signal is heeded on another thread.
    private static func lines(_ count: Int, in path: String) throws -> [LogLine] {
        while true {
            let lines = (TemporaryDirectory.read(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count > count { return try lines.dropLast().map { try LogLine($0 + "\n") } }
            usleep(1000)
        }
    }

    @Test("SIGUSR1 makes the root a level more verbose and SIGUSR2 less, and the log says so")
    func verbosity() async {
        await #expect(processExitsWith: .success) { [path = directory.path + "/app.log" as String] in
            signal(SIGUSR1) { _ in signalsSeenByOthers += 1 }
            Self.takeSignals()
            let file = try RotatingFile(path: path)
            let engine = LogEngine(
                LogConfiguration(
                    level: .warning,
                    outputs: [LogOutput(file)],
                    loggers: ["own": LoggerRule(level: .critical)]
                )
            )
            VerbositySignals.changeRootLevel(of: engine)
            let log = ContextLogger("x", engine: engine)
            log.notice("not logged")
            let steps: [(signal: Int32, level: Logger.Level)] = [
                (SIGUSR1, .notice), (SIGUSR1, .info), (SIGUSR1, .debug), (SIGUSR1, .trace), (SIGUSR1, .trace),
                (SIGUSR2, .debug),
            ]
            for (number, step) in steps.enumerated() {
                raise(step.signal)
                let line = try #require(try Self.lines(number + 1, in: path).last)
                #expect(line["level"] == "\"NOTICE\"" && line["logger"] == "\"sluice.logging\"")
                #expect(line["root_level"] == "\"\(step.level.rawValue.uppercased())\"")
                #expect(engine.level(of: "x") == step.level)
            }
            #expect(engine.level(of: "own") == .critical)
            log.debug("logged")
            #expect(try Self.lines(7, in: path).last?["message"] == "\"logged\"")
            let seen = unsafe signalsSeenByOthers
            #expect(seen == 5)
        }
    }

    @Test("Many signals at once are as many steps, whatever the process does meanwhile")
    func flood() async {
        await #expect(processExitsWith: .success) {
            Self.takeSignals()
            let memory = MemoryDestination()
            let engine = LogEngine(LogConfiguration(level: .critical, outputs: [LogOutput(memory)]))
            VerbositySignals.changeRootLevel(of: engine)
            for _ in 0..<4 { raise(SIGUSR1) }
            while engine.level(of: "x") != .info { usleep(1000) }
            for _ in 0..<100_000 { raise(SIGUSR2) }
            while engine.level(of: "x") != .critical { usleep(1000) }
            let lines = try memory.lines.map { try LogLine($0) }
            #expect(lines.allSatisfy { $0["level"] == "\"NOTICE\"" })
        }
    }

    @Test("SIGHUP loads a configuration anew and reopens files; a broken file is said and changes nothing")
    func hangup() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [path = directory.path as String] in
            Self.takeSignals()
            let (file, log) = (path + "/logging.json", path + "/app.log")
            func write(_ level: String) throws {
                let handler = #"{"class": "file", "filename": "\#(log)"}"#
                let root = #"{"level": "\#(level)", "handlers": ["f"]}"#
                try TemporaryDirectory.write(
                    #"{"version": 1, "handlers": {"f": \#(handler)}, "root": \#(root)}"#,
                    to: file
                )
            }
            try write("ERROR")
            let engine = LogEngine(try LogConfiguration(contentsOfFile: file))
            HangupSignal.reloads(contentsOfFile: file, engine: engine)
            try write("DEBUG")
            try #require(unsafe rename(log, log + ".moved") == 0)
            raise(SIGHUP)
            let loaded = try #require(try Self.lines(1, in: log).last)
            #expect(loaded["message"] == "\"the configuration was loaded again\"" && loaded["level"] == "\"NOTICE\"")
            #expect(loaded["path"] == "\"\(file)\"")
            #expect(engine.level(of: "x") == .debug)
            #expect(TemporaryDirectory.read(log + ".moved") == "")

            try write("DEBUGG")
            raise(SIGHUP)
            let refused = try #require(try Self.lines(2, in: log).last)
            #expect(refused["level"] == "\"ERROR\"")
            #expect(refused["problems"]?.contains("root.level: there is no level 'DEBUGG'") == true)
            #expect(engine.level(of: "x") == .debug)
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        let lines = said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("sluice-logging: root.level: there is no level 'DEBUGG'; ") == true)
        #expect(lines.first?.hasSuffix("; the configuration stays as it was") == true)
    }

    @Test("A forked process heeds signals when it asks for it again, and its parent as before")
    func forked() async {
        await #expect(processExitsWith: .success) {
            Self.takeSignals()
            let memory = MemoryDestination()
            let engine = LogEngine(LogConfiguration(level: .critical, outputs: [LogOutput(memory)]))
            VerbositySignals.changeRootLevel(of: engine)
            let process = Fork.call()
            if process == 0 {
                alarm(20)
                VerbositySignals.changeRootLevel(of: engine)
                raise(SIGUSR1)
                // It is said when it is done.
                while memory.lines.isEmpty { usleep(1000) }
                _exit(engine.level(of: "x") == .error ? 0 : 1)
            }
            var status: Int32 = -1
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            #expect(status == 0)
            raise(SIGUSR1)
            while memory.lines.isEmpty { usleep(1000) }
            #expect(engine.level(of: "x") == .error)
        }
    }
}

nonisolated(unsafe) private var signalsSeenByOthers = 0
