// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Short runs of what `make logging-torture` does at length.
@Suite("Killed while logging")
struct TortureTests {
    @Test(
        "What was acknowledged before kill -9 is there once, whole and in order",
        arguments: ["immediate", "buffered", "block", "oldest", "newest", "below"]
    )
    func kills(_ mode: String) throws {
        try run("--mode \(mode) --lines 60000 --size 300000 --kills 3")
    }

    @Test("The same of several processes that write to one file", arguments: ["immediate", "buffered", "block"])
    func severalProcesses(_ mode: String) throws {
        try run("--mode \(mode) --lines 60000 --size 300000 --kills 2 --processes 3")
    }

    private func run(_ options: String) throws {
        let directory = try TemporaryDirectory()
        let path = try #require(Self.executable, "logging-torture is not beside the tests")
        let stream = try unsafe #require(
            unsafe popen("'\(path)' run --directory '\(directory.path)' \(options) 2>&1", "r")
        )
        var output: [UInt8] = []
        while case let byte = unsafe getc(stream), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
        let status = unsafe pclose(stream)
        let text = String(decoding: output, as: UTF8.self)
        #expect(status == 0, "\(text)")
        // Each way of rotating was tried.
        #expect(text.split(separator: "\n").count { $0.hasPrefix("ok") } == 7, "\(text)")
    }

    /// It lies beside the executable that this test runs in.
    private static var executable: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        let tests = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = tests.lastIndex(of: "/") else { return nil }
        let path = tests[...slash] + "logging-torture"
        return unsafe access(String(path), X_OK) == 0 ? String(path) : nil
    }
}
