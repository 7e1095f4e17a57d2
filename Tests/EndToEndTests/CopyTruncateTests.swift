// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What was written, copied and truncated away between two looks is read in the copy (beats #39731, #45300).
@Suite(.serialized) struct CopyTruncateTests {
    /// `app.log` becomes `app.log.1`, and what was there `app.log.2`.
    private static func copyAndTruncate(_ path: String) throws {
        if unsafe access(path + ".1", F_OK) == 0 { try TextFile.rename(path + ".1", path + ".2") }
        try TextFile.append(try TextFile.read(path), path + ".1")
        try TextFile.write("", path)
    }

    @Test(arguments: ["app.log", "app.log*"])
    func whatCameAndWentBetweenTwoLooks(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(20), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(40), path)
        // Another service's, whose name begins alike.
        if pattern == "app.log" { try TextFile.append("not mine\n", scene.road.path("app.logger.log")) }
        scene.agent.send(SIGCONT)
        try await scene.end()
    }

    @Test(arguments: ["app.log", "app.log*"], [false, true])
    func whatCameAndWentWhileNobodyWasThere(_ pattern: String, _ isCompressed: Bool) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        scene.agent.kill()
        try TextFile.append(scene.lines(20), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        if isCompressed { for number in 1...2 { try GzipFile.compress("\(path).\(number)") } }
        try TextFile.append(scene.lines(40), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    /// The truncation is seen, and what is written next goes before it is read for the first time.
    @Test(arguments: ["app.log", "app.log*"])
    func whatCameAndWentBeforeTheFirstLook(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        try Self.copyAndTruncate(path)
        try await Poll.until("the truncation is seen", tail: { scene.agent.errors }) {
            scene.agent.errors.contains("file was truncated or replaced")
        }
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(30), path)
        try Self.copyAndTruncate(path)
        try TextFile.append(scene.lines(40), path)
        scene.agent.send(SIGCONT)
        try await scene.end()
    }

    /// Lines that were written after copying, and read before the truncation, are not in the copy.
    @Test(arguments: ["app.log", "app.log*"])
    func aCopyThatIsShorterThanWhatWasReadBeforeARestart(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(200), path)
        try await scene.arrival()
        let copy = try TextFile.read(path)
        try TextFile.append(scene.lines(3), path)
        try await scene.arrival()
        scene.agent.kill()
        try TextFile.append(copy, path + ".1")
        try TextFile.write(scene.lines(10), path)
        for _ in 0..<2 {
            scene.agent = try scene.road.agent()
            try TextFile.append(scene.lines(1), path)
            try await scene.arrival()
            #expect(try await scene.road.terminate(scene.agent) == 0)
        }
        try scene.compare()
    }

    /// The copy ends before the first line end that a turn ended with.
    @Test func aCopyThatIsShorterThanTheFirstTurn() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        scene.agent.send(SIGSTOP)
        try TextFile.append(scene.lines(8), path)
        let copy = try TextFile.read(path)
        try TextFile.append(scene.lines(8), path)
        scene.agent.send(SIGCONT)
        try await scene.arrival()
        scene.agent.send(SIGSTOP)
        try TextFile.append(copy, path + ".1")
        try TextFile.write(scene.lines(5), path)
        scene.agent.send(SIGCONT)
        try await scene.end()
    }
}
