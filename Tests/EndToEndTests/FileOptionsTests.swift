// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// When files are closed and forgotten, and by what they are known again, as Filebeat's options say.
@Suite(.serialized) struct FileOptionsTests {
    @Test func whatIsGoneIsForgottenAndWhatWasRenamedIsNot() async throws {
        // beats #43649: what rotation has renamed is read again.
        let scene = try await Scene("*.log", input: "clean_removed_after: 0s\n    scan_frequency: 100ms")
        let state = StateFile(scene.road)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(100), path)
        try TextFile.append(scene.lines(100), scene.road.path("gone.log"))
        try await scene.arrival()
        try TextFile.rename(path, path + ".1")
        unsafe unlink(scene.road.path("gone.log"))
        try await Poll.until("one is forgotten", tail: { scene.agent.errors }) {
            try state.generations().map { $0.split(separator: "/").last } == ["app.log"]
        }
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.rename(path + ".1", path)
        scene.agent = try scene.road.agent()
        try TextFile.append(scene.lines(1), path)
        try await scene.end()
    }

    @Test func withoutCleanRemovedNothingIsForgotten() async throws {
        let scene = try await Scene(
            "*.log",
            level: "debug",
            input: "clean_removed: false\n    clean_removed_after: 0s\n    scan_frequency: 50ms"
        )
        try TextFile.append(scene.lines(100), scene.road.path("gone.log"))
        try await scene.arrival()
        unsafe unlink(scene.road.path("gone.log"))
        // Whoever finds the last of these has looked through everything several times.
        for number in 0..<5 {
            try TextFile.append(scene.lines(10), scene.road.path("\(number).log"))
            try await scene.arrival()
        }
        try await scene.end()
        #expect(try StateFile(scene.road).generations().count == 6)
    }

    @Test(arguments: ["close_eof: true", "close.reader.on_eof: true"])
    func closedAtItsEnd(_ option: String) async throws {
        let scene = try await Scene("app.log", input: option)
        let path = scene.road.path("app.log")
        for _ in 0..<3 {
            try TextFile.append(scene.lines(50), path)
            try await scene.arrival()
            try await Poll.until("it is closed", tail: { scene.agent.errors }) {
                try !scene.agent.openFiles().contains { $0.hasSuffix("/app.log") }
            }
        }
        try await scene.end()
    }

    /// Whatever files may have open, connections and the runtime's threads need descriptors, too.
    @Test(arguments: [false, true])
    func moreFilesThanMayBeOpen(_ isHard: Bool) async throws {
        let road = try await Road()
        try road.pipeline(["*.log"])
        for number in 0..<300 { try TextFile.write("one of \(number)\n", road.path("\(number).log")) }
        let limit = isHard ? "ulimit -Hn 128" : "true"
        let agent = try road.agent(through: ["/bin/sh", "-c", "ulimit -Sn 128; \(limit); exec \"$@\"", "sh"])
        try await road.waitForEvents(300, agent)
        let limits =
            try TextFile.read("/proc/\(agent.identifier)/limits").split(separator: "\n")
            .first { $0.hasPrefix("Max open files") }?.split(separator: " ").compactMap { Int($0) } ?? []
        try #require(limits.count == 2, "\(limits)")
        #expect(limits[0] == min(limits[1], 128 + 1024), "raised by what is not for files")
        #expect(try agent.openFiles().filter { $0.hasSuffix(".log") }.count <= 64, "128 without a reserve")
        for number in 0..<300 { try TextFile.append("two of \(number)\n", road.path("\(number).log")) }
        try await road.waitForEvents(600, agent)
        #expect(try await road.terminate(agent) == 0)
        let lines = (0..<300).flatMap { ["one of \($0)", "two of \($0)"] }
        #expect(Account(written: lines, arrived: try road.lokiLines()).isEven)
        #expect(Account(written: lines, arrived: try road.elasticsearchMessages()).isEven)
    }

    @Test(arguments: ["close_renamed: true", "close.on_state_change.renamed: true"])
    func closedWhenItIsRenamed(_ option: String) async throws {
        let scene = try await Scene("app.log", input: option)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(50), path)
        try await scene.arrival()
        try TextFile.rename(path, path + ".1")
        try TextFile.append(scene.lines(50), path)
        try await scene.arrival()
        try await Poll.until("it is closed", tail: { scene.agent.errors }) {
            try !scene.agent.openFiles().contains { $0.hasSuffix("/app.log.1") }
        }
        try await scene.end()
    }

    @Test func closedAfterItsTimeItGoesOn() async throws {
        let scene = try await Scene("app.log", input: "close_timeout: 1ms\n    scan_frequency: 20ms")
        for _ in 0..<5 {
            try TextFile.append(scene.lines(1500), scene.road.path("app.log"))
            try await scene.arrival()
        }
        try await scene.end()
    }

    @Test(arguments: ["file_identity: path", "file_identity.path: ~"])
    func byItsPathARenamedFileIsAnother(_ option: String) async throws {
        let scene = try await Scene("app.log*", input: option)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(50), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.rename(path, path + ".1")
        scene.agent = try scene.road.agent()
        try await scene.road.waitForEvents(100, scene.agent)
        #expect(try await scene.road.terminate(scene.agent) == 0)
        #expect(try scene.road.lokiLines().sorted() == (scene.written + scene.written).sorted())
    }

    @Test func byItsInodeAFileIsTheSameWhateverItHolds() async throws {
        let scene = try await Scene("app.log", input: "file_identity.native: ~")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(50), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        // As long as what was read, and then lines of which it knows nothing.
        let other = String(repeating: "x", count: try TextFile.read(path).utf8.count - 1) + "\n"
        try TextFile.write(other + scene.lines(5), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }
}
