// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite("Compressing old files")
struct CompressionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/app.log" }

    private var names: [String] { TemporaryDirectory.names(in: directory.path) }

    private func open(
        naming: RotationPolicy.Naming = .numbered,
        retention: RetentionPolicy = .unlimited,
        delay: Int = 1
    ) throws -> RotatingFile {
        try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: 1, naming: naming),
            retention: retention,
            compression: CompressionPolicy(level: 6, delay: delay),
            checkInterval: 0
        )
    }

    private func text(_ name: String) throws -> String {
        let path = "\(directory.path)/\(name)"
        guard name.hasSuffix(".gz") else { return TemporaryDirectory.read(path) ?? "" }
        let text = ByteArena()
        let compressed = try bytes(path)
        try withExtendedLifetime(compressed) {
            try GzipDecompressor().decompress(compressed.view, to: text, limit: 1 << 20)
        }
        return text.string
    }

    private func bytes(_ path: String) throws -> ByteArena {
        let descriptor = openFile(path, O_RDONLY)
        try #require(descriptor >= 0)
        defer { _ = close(descriptor) }
        let bytes = ByteArena()
        unsafe bytes.append(room: 1 << 20) { max(0, unsafe read(descriptor, $0.baseAddress, $0.count)) }
        return bytes
    }

    private func waitFor(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        for _ in 0..<10_000 where names != expected { usleep(1000) }
        #expect(names == expected, sourceLocation: sourceLocation)
    }

    @Test("All but the newest are compressed, whole, and in their order", arguments: [0, 1, 2])
    func numbered(_ delay: Int) throws {
        let file = try open(delay: delay)
        for number in 0..<6 { file.write(line: "\(number)\n") }
        waitFor(["app.log"] + (1...5).map { $0 <= delay ? "app.log.\($0)" : "app.log.\($0).gz" })
        for number in 1...5 {
            #expect(try text(number <= delay ? "app.log.\(number)" : "app.log.\(number).gz") == "\(5 - number)\n")
        }
        file.write(line: "6\n")
        waitFor(["app.log"] + (1...6).map { $0 <= delay ? "app.log.\($0)" : "app.log.\($0).gz" })
        #expect(try text("app.log.6.gz") == "0\n")
    }

    @Test("Compressed files keep their time, count as files, and go when their time has come")
    func retention() throws {
        let file = try open(naming: .dated, retention: RetentionPolicy(maximumCount: 3))
        for number in 0..<9 { file.write(line: "\(number)\n") }
        for _ in 0..<10_000 where names.count(where: { $0.hasSuffix(".gz") }) != 2 || names.count != 4 { usleep(1000) }
        #expect(names.count == 4)
        #expect(names.count { $0.hasSuffix(".gz") } == 2)
        var status = stat()
        try #require(unsafe stat("\(directory.path)/\(names[1])", &status) == 0)
        #expect(Int64(status.st_mtim.tv_sec) <= SystemTime.now() / 1_000_000_000)
        #expect(try names.dropFirst().map(text).sorted() == ["5\n", "6\n", "7\n"])
    }

    @Test("What a crash left half done is done again")
    func afterCrash() throws {
        try TemporaryDirectory.write("half", to: directory.path + "/.app.log.partial")
        try TemporaryDirectory.write("one\n", to: path + ".1")
        try TemporaryDirectory.write("two\n", to: path + ".2")
        // The crash came between the end of compressing and the removal of the original, or in the middle of something
        // else: the original is what counts.
        try TemporaryDirectory.write("no gzip", to: path + ".2.gz")
        let file = try open()
        waitFor(["app.log", "app.log.1", "app.log.2.gz"])
        #expect(try text("app.log.2.gz") == "two\n")
        withExtendedLifetime(file) {}
    }

    @Test("Without compression, what a crash left half done is removed")
    func leftOver() throws {
        try TemporaryDirectory.write("half", to: directory.path + "/.app.log.partial")
        _ = try RotatingFile(path: path)
        #expect(names == ["app.log"])
    }

    @Test("A file that another process still writes to is not compressed before it has let go")
    func openElsewhere() throws {
        let other = try RotatingFile(path: path, checkInterval: .max / 4)
        other.write(line: "0\n")
        let file = try open(delay: 0)
        for number in 1..<4 { file.write(line: "\(number)\n") }
        waitFor(["app.log", "app.log.1.gz", "app.log.2.gz", "app.log.3"])
        other.write(line: "late\n")
        other.close()
        file.write(line: "4\n")
        waitFor(["app.log", "app.log.1.gz", "app.log.2.gz", "app.log.3.gz", "app.log.4.gz"])
        #expect(try text("app.log.4.gz") == "0\nlate\n")
    }

    @Test("A file that cannot be compressed stays, and logging goes on")
    func cannotCompress() async {
        let path = path
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [path = path as String] in
            try #require(unsafe mkdir(path.replacing("app.log", with: ".app.log.partial"), 0o755) == 0)
            let file = try RotatingFile(
                path: path,
                rotation: RotationPolicy(maximumBytes: 1),
                retention: .unlimited,
                compression: CompressionPolicy(delay: 0)
            )
            for number in 0..<10 {
                file.write(line: "\(number)\n")
                usleep(10_000)
            }
            #expect(file.droppedLines == 0)
            for number in 1..<10 { #expect(TemporaryDirectory.read("\(path).\(number)") == "\(9 - number)\n") }
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }.count == 1)
    }
}

/// Beside a function of the same name.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { unsafe open(path, flags) }
