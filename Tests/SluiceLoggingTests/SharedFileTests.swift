// SPDX-License-Identifier: Apache-2.0

import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One file, several writers. Two of one process are to each other what two processes are.
@Suite("Shared file")
struct SharedFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/app.log" }

    private func open(maximumBytes: Int = 0) throws -> RotatingFile {
        try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: maximumBytes),
            retention: .unlimited,
            checkInterval: 0
        )
    }

    /// Appends as a process does that is killed in the middle of a line.
    private func breakOff(_ text: String) throws {
        let descriptor = openFile(path, O_WRONLY | O_APPEND)
        try #require(descriptor >= 0)
        defer { _ = close(descriptor) }
        let bytes = Array(text.utf8)
        try #require(unsafe writeFile(descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test("A line that another process broke off does not spoil the next of this one")
    func brokenOffByAnother() throws {
        let first = try open()
        first.write(line: "one\n")
        let second = try open()
        second.write(line: "two\n")
        try breakOff("{\"half")
        first.write(line: "three\n")
        try breakOff("{\"ha")
        second.write(line: "four\n")
        second.write(line: "five\n")
        // The end of what nobody will finish has become a newline.
        let expected = "one\ntwo\n{\"hal\nthree\n{\"h\nfour\nfive\n"
        #expect(TemporaryDirectory.read(path) == expected)
    }

    @Test("A file that was joined with a line broken off at its end is mended by the first line")
    func joined() throws {
        let first = try open()
        first.write(line: "one\n")
        try breakOff("{\"half")
        let second = try open()
        second.write(line: "two\n")
        #expect(TemporaryDirectory.read(path) == "one\n{\"hal\ntwo\n")
    }

    @Test("While another process holds the lock on names, the file grows; afterwards it is changed")
    func lockedNames() throws {
        let file = try open(maximumBytes: 10)
        // A process that another test starts must not hold it on.
        let descriptor = openFile(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try #require(descriptor >= 0)
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        for number in 0..<4 { file.write(line: "line \(number)\n") }
        #expect(TemporaryDirectory.names(in: directory.path) == ["app.log"])
        _ = close(descriptor)
        file.write(line: "line 4\n")
        #expect(TemporaryDirectory.read(path + ".1") == (0..<4).map { "line \($0)\n" }.joined())
        #expect(TemporaryDirectory.read(path) == "line 4\n")
        #expect(file.droppedLines == 0)
    }

    @Test("Both rotate one file, and nothing is lost")
    func bothRotate() throws {
        let files = [try open(maximumBytes: 30), try open(maximumBytes: 30)]
        for number in 0..<40 { files[number % 2].write(line: "line \(number)\n") }
        let names = TemporaryDirectory.names(in: directory.path)
        #expect(names.count > 8)
        let numbered = names.dropFirst().sorted {
            $0.utf8.count > $1.utf8.count || ($0.utf8.count == $1.utf8.count && $0 > $1)
        }
        let text = (numbered + ["app.log"]).compactMap { TemporaryDirectory.read("\(directory.path)/\($0)") }.joined()
        #expect(text == (0..<40).map { "line \($0)\n" }.joined())
    }
}

private func openFile(_ path: String, _ flags: Int32) -> Int32 { unsafe open(path, flags) }

private let writeFile = unsafe write
