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

/// What becomes of destinations when a configuration is loaded again.
@Suite("Loading a configuration again")
struct ReloadTests {
    /// A configuration that writes to one file or another, each time with another limit, so that it is opened anew.
    private static func write(_ name: String, round: Int, mode: String, in directory: String) throws {
        let handler = """
            {"class": "rotating_file", "filename": "\(directory)/\(name).log", "maxBytes": \(1_000_000_000 + round),
             "mode": \(mode), "sync": {"interval": 1000}}
            """
        try TemporaryDirectory.write(
            #"{"version": 1, "handlers": {"f": \#(handler)}, "root": {"level": "DEBUG", "handlers": ["f"]}}"#,
            to: directory + "/logging.json"
        )
    }

    /// How many descriptors of this process lead to files below a directory.
    private static func descriptors(below directory: String) -> Int {
        TemporaryDirectory.names(in: "/proc/self/fd").count { name in
            var path = [CChar](repeating: 0, count: 4096)
            let count = max(0, unsafe readlink("/proc/self/fd/\(name)", &path, path.count))
            let bytes = path.prefix(count).map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self).hasPrefix(directory + "/")
        }
    }

    private static let modes = [
        "\"immediate\"", #"{"type": "buffered", "interval": 1000, "flushLevel": null}"#, "\"background\"",
    ]

    @Test(
        "No descriptor stays open, and no line is lost, while loggers go on",
        .enabled(if: TemporaryDirectory.names(in: "/proc/self/fd").count > 0),
        arguments: modes
    )
    func descriptors(_ mode: String) async throws {
        await #expect(processExitsWith: .success) { [mode = mode as String] in
            let directory = try TemporaryDirectory()
            let path = directory.path + "/logging.json"
            try Self.write("a", round: 0, mode: mode, in: directory.path)
            let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
            let progress = Progress()
            #expect(Self.descriptors(below: directory.path) == 1)
            try await withThrowingTaskGroup { group in
                for task in 0..<2 {
                    group.addTask {
                        let log = ContextLogger("task.\(task)", engine: engine)
                        var number = 0
                        while !progress.isEnding.load(ordering: .relaxed) {
                            log.info("\(task) \(number)")
                            number += 1
                            if number % 8 == 0 {
                                usleep(50)
                                // The task that loads the configuration may have to share a thread with us.
                                await Task.yield()
                            }
                        }
                        progress.counts.withLock { $0[task] = number }
                    }
                }
                group.addTask {
                    for round in 1...40 {
                        try Self.write(round % 2 == 0 ? "a" : "b", round: round, mode: mode, in: directory.path)
                        try engine.reload(contentsOfFile: path)
                        await Task.yield()
                    }
                    progress.isEnding.store(true, ordering: .relaxed)
                }
                try await group.waitForAll()
            }
            // What came late may still wait in the background.
            LoggingShutdown.flush()
            // Whoever has a file twice for an instant keeps an eye on it with one descriptor more.
            try Self.write("c", round: 0, mode: mode, in: directory.path)
            try engine.reload(contentsOfFile: path)
            #expect(Self.descriptors(below: directory.path) == 1)
            var messages: Set<String> = []
            for name in ["a", "b"] {
                let text = try #require(TemporaryDirectory.read("\(directory.path)/\(name).log"))
                for line in text.split(separator: "\n") {
                    let message = try #require(try LogLine(line + "\n")["message"])
                    #expect(messages.insert(message).inserted)
                }
            }
            let expected = progress.counts.withLock { $0 }.enumerated().flatMap { task, count in
                (0..<count).map { "\"\(task) \($0)\"" }
            }
            #expect(messages.count == expected.count && messages == Set(expected))
            #expect(engine.configuration.root.outputs.allSatisfy { $0.destination.droppedLines == 0 })
        }
    }

    @Test("A destination that is no longer used still writes what comes late", arguments: modes)
    func late(_ mode: String) async throws {
        await #expect(processExitsWith: .success) { [mode = mode as String] in
            let directory = try TemporaryDirectory()
            let path = directory.path + "/logging.json"
            try Self.write("a", round: 0, mode: mode, in: directory.path)
            let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
            let old = engine.configuration.root.outputs[0].destination
            old.write(line: "early\n")
            try Self.write("b", round: 0, mode: mode, in: directory.path)
            try engine.reload(contentsOfFile: path)
            let file = directory.path + "/a.log"
            #expect(TemporaryDirectory.read(file) == "early\n")
            #expect(Self.descriptors(below: directory.path) == 1)
            for number in 0..<3 {
                old.write(line: "\(number)\n")
                old.write(line: "\(number)\n", level: .critical)
            }
            old.flush()
            #expect(TemporaryDirectory.read(file) == "early\n0\n0\n1\n1\n2\n2\n")
            #expect(Self.descriptors(below: directory.path) == 1)
            #expect(old.droppedLines == 0)
            // The file can be moved away, since nobody has it.
            try #require(unsafe rename(file, file + ".moved") == 0)
            old.reopen()
            old.write(line: "anew\n")
            old.flush()
            #expect(TemporaryDirectory.read(file) == "anew\n")
            old.close()
            old.write(line: "lost\n")
            #expect(old.droppedLines == 1)
        }
    }

    @Test("What was opened for a configuration that has a problem is closed again")
    func failure() async throws {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let path = directory.path + "/logging.json"
            try Self.write("a", round: 0, mode: "\"immediate\"", in: directory.path)
            let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
            #expect(Self.descriptors(below: directory.path) == 1)
            try TemporaryDirectory.write(
                """
                {"version": 1, "handlers": {"good": {"class": "file", "filename": "\(directory.path)/good.log"},
                 "bad": {"class": "file", "filename": "/dev/null/bad.log"}}}
                """,
                to: path
            )
            #expect(throws: LogConfigurationError.self) { try engine.reload(contentsOfFile: path) }
            #expect(Self.descriptors(below: directory.path) == 1)
        }
    }
}

/// How far the tasks of a test have come.
private final class Progress: Sendable {
    let isEnding = Atomic<Bool>(false)
    /// Lines that each has logged.
    let counts = Mutex([0, 0])
}
