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

/// A file system of a quarter of a megabyte, where the system lets us have one.
@Suite("Full disk")
struct FullDiskTests {
    @Test(
        "Logging goes on when there is room again, and the count of lost lines is right",
        arguments: ["immediate", "buffered", "background"]
    )
    func tmpfs(_ mode: String) async throws {
        let directory = try TemporaryDirectory()
        let disk = directory.path + "/disk"
        try #require(unsafe mkdir(disk, 0o755) == 0)
        guard unsafe system("mount -t tmpfs -o size=256k tmpfs '\(disk)' 2>/dev/null") == 0 else {
            try Test.cancel("no file system can be mounted here; the limit on the size of files is tested elsewhere")
        }
        defer { _ = unsafe system("umount '\(disk)'") }
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [disk = disk as String, mode = mode as String] in
            let file = try RotatingFile(
                path: disk + "/app.log",
                rotation: RotationPolicy(maximumBytes: 20_000),
                retention: .unlimited
            )
            let writing: WritingMode =
                switch mode {
                case "immediate": .immediate
                case "buffered": .buffered(BufferPolicy(maximumBytes: 5000))
                default: .background(QueuePolicy(maximumLines: 100))
                }
            let destination = file.writing(writing)
            // Somebody else fills the disk, but for some of it.
            try #require(unsafe system("head -c 180000 /dev/zero > '\(disk)/other'") == 0)
            var number = 0
            func write(_ count: Int) {
                for _ in 0..<count {
                    destination.write(line: "line \(number) \(String(repeating: "x", count: number % 200))\n")
                    number += 1
                }
                destination.flush()
            }
            write(2000)
            let lost = destination.droppedLines
            #expect(lost > 0)
            try #require(unsafe unlink(disk + "/other") == 0)
            // What is old goes as well, so that there is room for what comes.
            var kept = lines(in: disk)
            #expect(kept.count + lost == number)
            for name in TemporaryDirectory.names(in: disk) where name != "app.log" {
                _ = unsafe unlink("\(disk)/\(name)")
            }
            let before = Set(lines(in: disk))
            write(100)
            #expect(destination.droppedLines == lost)
            kept += lines(in: disk).filter { !before.contains($0) }
            #expect(kept.count + lost == number)
            // Whole, and in order.
            let numbers = kept.compactMap { line -> Int? in
                let parts = line.split(separator: " ", omittingEmptySubsequences: false)
                guard parts.count == 3, parts[0] == "line", let number = Int(parts[1]),
                    parts[2].utf8.count == number % 200, parts[2].allSatisfy({ $0 == "x" })
                else { return nil }
                return number
            }
            #expect(numbers.count == kept.count)
            #expect(numbers.suffix(100) == Array(2000..<2100).suffix(100)[...])
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        let ours = said.split(separator: "\n").filter { $0.hasPrefix("sluice-logging: ") }
        #expect(ours.count { $0.contains("log lines are dropped until that is put right") } == 1, "\(said)")
    }
}

/// The lines of `app.log` and of its predecessors.
private func lines(in directory: String) -> [String] {
    TemporaryDirectory.names(in: directory).filter { $0.hasPrefix("app.log") }.flatMap { name in
        let text = TemporaryDirectory.read("\(directory)/\(name)") ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
