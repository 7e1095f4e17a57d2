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

@Suite("Rotation by the clock")
struct RotationByClockTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/app.log" }

    private func content(_ name: String) -> String? { TemporaryDirectory.read(directory.path + "/" + name) }

    private var names: [String] { TemporaryDirectory.names(in: directory.path) }

    /// 2026-11-22T03:32:00Z
    private let past = 1_795_318_320

    private func open(
        _ schedule: RotationSchedule,
        naming: RotationPolicy.Naming,
        maximumBytes: Int = 0,
        retention: RetentionPolicy = RetentionPolicy()
    ) throws -> RotatingFile {
        try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: maximumBytes, schedule: schedule, naming: naming),
            retention: retention,
            checkInterval: 0
        )
    }

    /// Leaves a file as if it had last been written to at a time.
    private func leave(_ text: String, in name: String = "app.log", at seconds: Int) throws {
        let file = directory.path + "/" + name
        try TemporaryDirectory.write(text, to: file)
        let times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
        try #require(unsafe utimes(file, times) == 0)
    }

    @Test(
        "A file of a period that is over is changed at the first line after a restart",
        arguments: [
            (.hourly, .dated, "app.log.2026-11-22_03"), (.daily(), .dated, "app.log.2026-11-22"),
            (.daily(hour: 3, minute: 33), .dated, "app.log.2026-11-21"),
            (.every(seconds: 60), .dated, "app.log.2026-11-22_03-32-00"), (.hourly, .numbered, "app.log.1"),
        ] as [(RotationSchedule, RotationPolicy.Naming, String)]
    )
    func restart(_ schedule: RotationSchedule, _ naming: RotationPolicy.Naming, _ name: String) throws {
        // In the past of whoever runs this: that is what the period of the file is taken from.
        let past = past - 365 * 86_400
        let name = name.replacing("2026", with: "2025")
        try leave("old\n", at: past)
        let file = try open(schedule, naming: naming)
        #expect(names == ["app.log"])
        file.write(line: "new\n")
        file.write(line: "newer\n")
        #expect(names == ["app.log", name])
        #expect(content(name) == "old\n")
        #expect(content("app.log") == "new\nnewer\n")
    }

    @Test("A file of the period that runs is carried on with, and an empty one is not changed")
    func runningPeriod() throws {
        try TemporaryDirectory.write("old\n", to: path)
        // A period so long that it is not over before the test is.
        let file = try open(.every(seconds: 1 << 40), naming: .dated)
        file.write(line: "new\n")
        #expect(names == ["app.log"])
        file.close()
        try leave("", at: past - 365 * 86_400)
        let other = try open(.hourly, naming: .dated)
        other.write(line: "first\n")
        #expect(names == ["app.log"])
    }

    @Test("A change comes while the process runs, and no line is lost")
    func whileRunning() throws {
        let file = try open(.every(seconds: 1), naming: .numbered, retention: .unlimited)
        var number = 0
        while !names.contains("app.log.2"), number < 10_000 {
            file.write(line: "\(number)\n")
            number += 1
            usleep(1000)
        }
        #expect(content("app.log.3") == nil)
        let text = (content("app.log.2") ?? "") + (content("app.log.1") ?? "") + (content("app.log") ?? "")
        #expect(text == (0..<number).map { "\($0)\n" }.joined())
    }

    @Test("With a size as well, the files of a period are numbered, and no name is given twice")
    func sizeAndClock() throws {
        let past = past - 365 * 86_400
        try leave("old\n", at: past)
        try leave("gone before\n", in: "app.log.2025-11-22.4", at: past)
        let file = try open(.daily(), naming: .dated, maximumBytes: 10, retention: .unlimited)
        // The first three go to today's files, and the old one behind those of its day.
        for line in ["one 1\n", "two 2\n", "three\n"] { file.write(line: line) }
        #expect(content("app.log.2025-11-22.5") == "old\n")
        let others = names.filter { !$0.contains("2025-11-22") }
        #expect(others.count == 3)
        #expect(others.map { content($0) ?? "" }.sorted() == ["one 1\n", "three\n", "two 2\n"])
        #expect(others[2] == others[1] + ".1")
    }

    @Test("What rotation did not name is left alone, whatever the limits")
    func foreignFiles() throws {
        let foreign = [
            "app.log.old", "app.log.2025-11-22.bak", "app.log.bz2", "app.logx", "other.log.2025-11-22", "app.log.99.x",
            "app.log.7",
        ]
        for name in foreign { try leave("keep\n", in: name, at: past - 365 * 86_400) }
        try #require(unsafe mkdir(directory.path + "/app.log.2025-11-20", 0o755) == 0)
        for day in 10...19 { try leave("\(day)\n", in: "app.log.2025-11-\(day)", at: past - 365 * 86_400) }
        let retention = RetentionPolicy(maximumCount: 2, maximumTotalBytes: 1 << 20)
        let file = try open(.daily(), naming: .dated, retention: retention)
        let kept = ["app.log", "app.log.2025-11-18", "app.log.2025-11-19", "app.log.2025-11-20"]
        #expect(names == (kept + foreign).sorted())
        file.write(line: "1\n")
        #expect(names == (kept + foreign).sorted())
    }

    @Test("Files that are too old go when the log is opened")
    func age() throws {
        let now = Int(SystemTime.now() / 1_000_000_000)
        try leave("a day\n", in: "app.log.1", at: now - 86_400)
        try leave("two days\n", in: "app.log.2", at: now - 2 * 86_400)
        let retention = RetentionPolicy(maximumCount: nil, maximumAge: .seconds(86_400 + 3600))
        _ = try open(.daily(), naming: .numbered, retention: retention)
        #expect(names == ["app.log", "app.log.1"])
    }

    @Test("A row of numbers that a crash broke is mended by the next change")
    func gap() throws {
        for number in [1, 2, 4, 5] { try leave("\(number)\n", in: "app.log.\(number)", at: past) }
        try leave("0\n", at: past)
        let file = try RotatingFile(
            path: path,
            rotation: RotationPolicy(maximumBytes: 3),
            retention: RetentionPolicy(maximumCount: 5),
            checkInterval: 0
        )
        file.write(line: "new\n")
        #expect(names == ["app.log"] + (1...5).map { "app.log.\($0)" })
        #expect((1...5).map { content("app.log.\($0)") } == ["0\n", "1\n", "2\n", "4\n", "5\n"])
    }
}
