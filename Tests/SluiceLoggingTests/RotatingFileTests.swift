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

@Suite("Rotating file")
struct RotatingFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/app.log" }

    private func open(maximumBytes: Int = 0, backupCount: Int = 0) throws -> RotatingFile {
        // Looks before every line, so that no test has to wait.
        try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: maximumBytes),
            retention: RetentionPolicy(maximumCount: backupCount),
            checkInterval: 0
        )
    }

    private func content(_ name: String) -> String? { TemporaryDirectory.read(directory.path + "/" + name) }

    private var names: [String] { TemporaryDirectory.names(in: directory.path) }

    @Test(
        "Files are changed and named as Python's RotatingFileHandler does",
        arguments: [
            // Twelve lines of 10 bytes each: which of them each file holds.
            Table(maximumBytes: 0, backupCount: 3, files: ["app.log": 0..<12]),
            Table(maximumBytes: 50, backupCount: 0, files: ["app.log": 0..<12]),
            // At 50 bytes the fifth line would bring the file to the limit, so four fit.
            Table(maximumBytes: 50, backupCount: 1, files: ["app.log": 8..<12, "app.log.1": 4..<8]),
            Table(
                maximumBytes: 50,
                backupCount: 5,
                files: ["app.log": 8..<12, "app.log.1": 4..<8, "app.log.2": 0..<4]
            ),
            Table(
                maximumBytes: 51,
                backupCount: 9,
                files: ["app.log": 10..<12, "app.log.1": 5..<10, "app.log.2": 0..<5]
            ),
            // A file takes at least one line, however small the limit.
            Table(
                maximumBytes: 1,
                backupCount: 2,
                files: ["app.log": 11..<12, "app.log.1": 10..<11, "app.log.2": 9..<10]
            ),
        ]
    )
    func tables(_ table: Table) throws {
        let file = try open(maximumBytes: table.maximumBytes, backupCount: table.backupCount)
        for number in 0..<12 { file.write(line: Self.line(number)) }
        file.close()
        #expect(names == table.files.keys.sorted())
        for (name, numbers) in table.files { #expect(content(name) == numbers.map(Self.line).joined()) }
    }

    struct Table: CustomTestStringConvertible {
        var maximumBytes: Int
        var backupCount: Int
        var files: [String: Range<Int>]
        var testDescription: String { "\(maximumBytes) bytes, \(backupCount) kept" }
    }

    private static func line(_ number: Int) -> String { "line \(number < 10 ? "00" : "0")\(number)\n".padding(10) }

    @Test("A restart carries on with the file and its size")
    func restart() throws {
        for number in 0..<12 {
            let file = try open(maximumBytes: 50, backupCount: 5)
            file.write(line: Self.line(number))
            file.close()
        }
        #expect(names == ["app.log", "app.log.1", "app.log.2"])
        #expect(content("app.log.2") == (0..<4).map(Self.line).joined())
        #expect(content("app.log") == (8..<12).map(Self.line).joined())
    }

    @Test("Directories on the way are made")
    func makesDirectories() throws {
        let deep = directory.path + "/a/b/c/app.log"
        try RotatingFile(path: deep).write(line: "x\n")
        #expect(TemporaryDirectory.read(deep) == "x\n")
    }

    @Test("What cannot be opened is an error that says why")
    func openingError() throws {
        #expect(throws: SystemError.self) { try RotatingFile(path: directory.path) }
        #expect(throws: SystemError.self) { try RotatingFile(path: "") }
        try TemporaryDirectory.write("", to: path)
        let error = #expect(throws: SystemError.self) { try RotatingFile(path: path + "/app.log") }
        #expect(error?.description == "cannot open \(path)/app.log: Not a directory")
        let pipe = directory.path + "/pipe"
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(throws: SystemError.self) { try RotatingFile(path: pipe) }
    }

    @Test("A line that a crash broke off does not spoil the next")
    func brokenOffLine() throws {
        try TemporaryDirectory.write("whole\nbroken o", to: path)
        let file = try open()
        file.write(line: "next\n")
        file.write(line: "last\n")
        #expect(content("app.log") == "whole\nbroken o\nnext\nlast\n")
    }

    @Test("When the file was moved away or removed, a new one takes its name")
    func movedAway() throws {
        let file = try open()
        file.write(line: "1\n")
        try #require(unsafe rename(path, path + ".moved") == 0)
        file.write(line: "2\n")
        try #require(unsafe unlink(path) == 0)
        file.write(line: "3\n")
        #expect(content("app.log.moved") == "1\n")
        #expect(content("app.log") == "3\n")
        #expect(file.droppedLines == 0)
    }

    @Test("Reopening takes the file that has the name now, without waiting")
    func reopen() throws {
        let file = try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: 0),
            retention: RetentionPolicy(maximumCount: 0),
            checkInterval: .max / 4
        )
        file.write(line: "1\n")
        try #require(unsafe rename(path, path + ".moved") == 0)
        file.write(line: "2\n")
        file.reopen()
        file.write(line: "3\n")
        #expect(content("app.log.moved") == "1\n2\n")
        #expect(content("app.log") == "3\n")
    }

    @Test("A file cut by someone else is taken at its new size")
    func copytruncate() throws {
        let file = try open(maximumBytes: 50, backupCount: 2)
        for number in 0..<3 { file.write(line: Self.line(number)) }
        try #require(unsafe truncate(path, 0) == 0)
        for number in 3..<7 { file.write(line: Self.line(number)) }
        #expect(names == ["app.log"])
        #expect(content("app.log") == (3..<7).map(Self.line).joined())
    }

    @Test("A file that another process rotated is left as it is")
    func rotatedByAnother() throws {
        let first = try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: 50),
            retention: RetentionPolicy(maximumCount: 9),
            checkInterval: .max / 4
        )
        let second = try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: 50),
            retention: RetentionPolicy(maximumCount: 9),
            checkInterval: .max / 4
        )
        for number in 0..<4 { second.write(line: Self.line(number)) }
        first.reopen()
        first.write(line: Self.line(4))
        // The second still counts the full file, which it must not rotate away once more.
        second.write(line: Self.line(5))
        #expect(names == ["app.log", "app.log.1"])
        #expect(content("app.log.1") == (0..<4).map(Self.line).joined())
        #expect(content("app.log") == (4..<6).map(Self.line).joined())
    }

    @Test("A removed directory is made again")
    func removedDirectory() throws {
        let deep = directory.path + "/logs/app.log"
        let file = try RotatingFile(
            path: deep,
            rotation: RotationPolicy(maximumBytes: 50),
            retention: RetentionPolicy(maximumCount: 2),
            checkInterval: 0
        )
        file.write(line: "1\n")
        TemporaryDirectory.remove(directory.path + "/logs")
        file.write(line: "2\n")
        #expect(TemporaryDirectory.read(deep) == "2\n")
    }

    @Test("While the directory cannot be made, lines are counted; afterwards logging goes on")
    func blockedDirectory() async throws {
        let logs = directory.path + "/logs"
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [logs = logs as String] in
            let file = try RotatingFile(
                path: logs + "/app.log",
                rotation: RotationPolicy(maximumBytes: 0),
                retention: RetentionPolicy(maximumCount: 0),
                checkInterval: 0
            )
            TemporaryDirectory.remove(logs)
            try TemporaryDirectory.write("in the way", to: logs)
            for _ in 0..<5 { file.write(line: "lost\n") }
            #expect(file.droppedLines == 5)
            try #require(unsafe unlink(logs) == 0)
            file.write(line: "kept\n")
            #expect(TemporaryDirectory.read(logs + "/app.log") == "kept\n")
            #expect(file.droppedLines == 5)
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        let lines = said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }
        let expected = [
            "sluice-logging: cannot open \(logs)/app.log: Not a directory; log lines are dropped until that is put right",
            "sluice-logging: \(logs)/app.log is in order again; 5 log lines were dropped",
        ]
        #expect(lines.map(String.init) == expected)
    }

    @Test("A full disk loses whole lines only, counts them, and ends nothing")
    func fullDisk() async throws {
        let path = path
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [path = path as String] in
            // The process may write files of 25 bytes at most: two lines and half of the third.
            var limit = rlimit(rlim_cur: 25, rlim_max: rlim_t.max)
            try #require(unsafe setrlimit(fileSizeLimit, &limit) == 0)
            let file = try RotatingFile(
                path: path,
                rotation: RotationPolicy(maximumBytes: 0),
                retention: RetentionPolicy(maximumCount: 0),
                checkInterval: 0
            )
            for number in 0..<6 { file.write(line: "line 000\(number)\n") }
            #expect(file.droppedLines == 4)
            #expect(TemporaryDirectory.read(path) == "line 0000\nline 0001\n")
            limit.rlim_cur = rlim_t.max
            try #require(unsafe setrlimit(fileSizeLimit, &limit) == 0)
            file.write(line: "line 0006\n")
            #expect(TemporaryDirectory.read(path) == "line 0000\nline 0001\nline 0006\n")
            #expect(file.droppedLines == 4)
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        let lines = said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }
        #expect(lines.count == 2)
        #expect(lines.first?.contains("cannot write to \(path): File too large") == true)
        #expect(lines.last?.hasSuffix("is in order again; 4 log lines were dropped") == true)
    }

    @Test("When files cannot be renamed, the file grows and nothing is lost")
    func cannotRename() async throws {
        let path = path
        // A directory that is not empty stands where the first predecessor should go.
        try #require(unsafe mkdir(path + ".1", 0o755) == 0)
        try TemporaryDirectory.write("", to: path + ".1/x")
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [path = path as String] in
            let file = try RotatingFile(
                path: path,
                rotation: RotationPolicy(maximumBytes: 20),
                retention: RetentionPolicy(maximumCount: 1),
                checkInterval: 0
            )
            for number in 0..<5 { file.write(line: "line 000\(number)\n") }
            #expect(TemporaryDirectory.read(path) == (0..<5).map { "line 000\($0)\n" }.joined())
            TemporaryDirectory.remove(path + ".1")
            file.write(line: "line 0005\n")
            #expect(TemporaryDirectory.read(path) == "line 0005\n")
            #expect(file.droppedLines == 0)
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }.count == 2)
    }

    @Test("After closing, lines are dropped and counted")
    func closed() throws {
        let file = try open()
        file.write(line: "1\n")
        file.close()
        file.close()
        file.write(line: "2\n")
        file.reopen()
        file.write(line: "3\n")
        #expect(content("app.log") == "1\n")
        #expect(file.droppedLines == 2)
    }

    @Test("Many tasks at once: every line whole, once, and each task's in order, across rotations")
    func concurrency() async throws {
        let tasks = 16
        let lines = 500
        let file = try RotatingFile(path: path, maximumBytes: 64 << 10, backupCount: 100)
        await withTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    let handler = JSONLogHandler(label: "task \(task)", destination: file, metadataProvider: nil)
                    let logger = Logger(label: "task \(task)") { _ in handler }
                    for number in 0..<lines {
                        logger.info("x", metadata: ["task": .stringConvertible(task), "n": .stringConvertible(number)])
                        if number % 50 == 0 { await Task.yield() }
                    }
                }
            }
        }
        file.close()
        #expect(file.droppedLines == 0)
        #expect(names.count > 10)
        var next = [Int](repeating: 0, count: tasks)
        for number in stride(from: names.count - 1, through: 0, by: -1) {
            let text = try #require(content(number == 0 ? "app.log" : "app.log.\(number)"))
            #expect(text.utf8.count < 64 << 10)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let line = try LogLine(line + "\n")
                let task = try #require(line["task"].flatMap { Int($0) })
                let count = try #require(line["n"].flatMap { Int($0) })
                #expect(line["logger"] == "\"task \(task)\"")
                #expect(count == next[task])
                next[task] = count + 1
            }
        }
        #expect(next == [Int](repeating: lines, count: tasks))
    }
}

#if canImport(Glibc)
private let fileSizeLimit = Int32(RLIMIT_FSIZE.rawValue)
#else
private let fileSizeLimit = RLIMIT_FSIZE
#endif

extension LogDestination {
    /// Writes a line at level info.
    func write(line: String) {
        let bytes = Array(line.utf8)
        unsafe bytes.withUnsafeBytes { write(unsafe $0.bytes, level: .info) }
    }
}

extension String {
    fileprivate func padding(_ count: Int) -> String {
        // Spaces before the newline, so that every line has the same size.
        String(dropLast()) + String(repeating: " ", count: max(0, count - utf8.count)) + "\n"
    }
}
