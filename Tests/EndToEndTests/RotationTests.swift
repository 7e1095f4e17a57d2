// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What happens to files while they are followed, and while nobody looks.
@Suite(.serialized) struct RotationTests {
    /// fluent-bit #10414, vector #18336: what a rotated file had left was given up.
    @Test(arguments: ["app.log", "app.log*"])
    func renamedAndMadeAnew(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        for round in 0..<4 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            // The last lines are written when nobody has had time to read them before the file moves.
            try TextFile.append(scene.lines(10), path)
            for number in stride(from: round, through: 1, by: -1) {
                try TextFile.rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            try TextFile.rename(path, path + ".1")
            try TextFile.append(scene.lines(5), path + ".1")
        }
        try TextFile.append(scene.lines(10), path)
        try await scene.end()
    }

    @Test func copiedAndTruncated() async throws {
        let scene = try await Scene("app.log")
        let path = scene.road.path("app.log")
        for _ in 0..<4 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            try TextFile.write(scene.lines(20), path)
            try await scene.arrival()
        }
        try await scene.end()
    }

    /// The copy matches the pattern as well, and its lines are those of the file.
    @Test(arguments: [false, true])
    func copiedWithinThePatternAndTruncated(_ seesTheCopy: Bool) async throws {
        let scene = try await Scene("app.log*", level: "debug")
        let path = scene.road.path("app.log")
        for round in 0..<4 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            try TextFile.append(scene.lines(20), path)
            for number in stride(from: round, through: 1, by: -1) {
                try TextFile.rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            try TextFile.write(try TextFile.read(path), path + ".1")
            if seesTheCopy {
                try await Poll.until("the copy is seen", tail: { scene.agent.errors }) {
                    scene.agent.errors.components(separatedBy: "it is a copy").count == round + 2
                }
            }
            try TextFile.write(scene.lines(10), path)
            try await scene.arrival()
        }
        try await scene.end()
    }

    /// What was written after copying and read before the truncation is not in the copy.
    @Test(arguments: ["app.log", "app.log*"])
    func copiedWrittenToAndTruncated(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        for round in 0..<3 {
            if round > 0 {
                #expect(try await scene.road.terminate(scene.agent) == 0)
                scene.agent = try scene.road.agent()
            }
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            for number in stride(from: round, through: 1, by: -1) {
                try TextFile.rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            try TextFile.write(try TextFile.read(path), path + ".1")
            try TextFile.append(scene.lines(3), path)
            try await scene.arrival()
            try TextFile.write(scene.lines(10), path)
            try await scene.arrival()
        }
        try await scene.end()
    }

    /// beats #2011, vector #11742: deleted files that are held open fill the disk. No scan is needed to let them go.
    @Test func aDeletedFileWithHalfALineIsLetGo() async throws {
        let scene = try await Scene("app.log", input: "close_inactive: 3s\n    scan_frequency: 1h")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(10), path)
        try TextFile.append("a line without an end", path)
        try await scene.arrival()
        unsafe unlink(path)
        try TextFile.append(scene.lines(10), path)
        try await scene.arrival()
        try await Poll.until("nothing is held that was deleted", tail: { scene.agent.errors }) {
            try !scene.agent.openFiles().contains { $0.hasSuffix("app.log (deleted)") }
        }
        #expect(scene.agent.errors.contains("its last line never got an end"))
        try await scene.end()
    }

    /// What came and went between two looks is found beside the pattern, where no scan looks for it.
    @Test func whatWasFoundBesideThePatternIsLetGoWhenItIsDeleted() async throws {
        let scene = try await Scene("app.log", input: "scan_frequency: 1h")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(10), path)
        try await scene.arrival()
        scene.agent.send(SIGSTOP)
        try TextFile.rename(path, path + ".2")
        try TextFile.append(scene.lines(10), path)
        try TextFile.rename(path, path + ".1")
        try TextFile.append(scene.lines(10), path)
        scene.agent.send(SIGCONT)
        try await scene.arrival()
        #expect(try scene.agent.openFiles().contains { $0.hasSuffix("app.log.1") })
        unsafe unlink(path + ".1")
        try await Poll.until("nothing is held that was deleted", tail: { scene.agent.errors }) {
            try !scene.agent.openFiles().contains { $0.hasSuffix("app.log.1 (deleted)") }
        }
        try await scene.end()
    }

    @Test(arguments: ["app.log", "app.log*"])
    func copiedAndTruncatedWhileNobodyLooks(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        for _ in 0..<2 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            #expect(try await scene.road.terminate(scene.agent) == 0)
            // Behind what has been read there is more when the file is copied.
            try TextFile.append(scene.lines(70), path)
            try TextFile.write(try TextFile.read(path), path + ".1")
            try TextFile.write(scene.lines(40), path)
            scene.agent = try scene.road.agent()
        }
        try await scene.end()
    }

    @Test func truncatedAndGrownPastItsOldSizeAtOnce() async throws {
        let scene = try await Scene("app.log")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(50), path)
        for _ in 0..<4 {
            try await scene.arrival()
            try TextFile.write(scene.lines(100 + scene.written.count * 2), path)
        }
        try await scene.end()
    }

    /// beats #38070: after a truncation the offset was beyond the end.
    @Test func truncatedAndGrownPastItsOldSizeWhileNobodyLooks() async throws {
        let scene = try await Scene("app.log")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(50), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.write(scene.lines(500), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    @Test func truncatedToExactlyItsOldSizeWhileNobodyLooks() async throws {
        let scene = try await Scene("app.log")
        let path = scene.road.path("app.log")
        _ = scene.lines(100)
        let lines = scene.lines(100)
        // What the scene has counted and nobody wrote.
        try TextFile.append(scene.written.prefix(100).joined(separator: "\n") + "\n" + lines, path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        let size = Self.size(of: path)
        try TextFile.write(scene.lines(200), path)
        #expect(Self.size(of: path) == size)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    @Test func deletedAndMadeAnew() async throws {
        let scene = try await Scene("app.log")
        let path = scene.road.path("app.log")
        for _ in 0..<6 {
            // A file system gives a new file the inode of the one that went just before it, if it can.
            try TextFile.append(scene.lines(30), path)
            try await scene.arrival()
            unsafe unlink(path)
        }
        try TextFile.append(scene.lines(30), path)
        try await scene.end()
    }

    /// beats #1341, fluent-bit #8025: an inode that was given to another file.
    @Test func anotherFileWithTheInodeOfOneThatWent() async throws {
        let scene = try await Scene("*.log")
        let path = scene.road.path("first.log")
        try TextFile.append(scene.lines(100), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        unsafe unlink(path)
        try TextFile.append(scene.lines(300), scene.road.path("second.log"))
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    @Test func filesThatComeLater() async throws {
        let scene = try await Scene("*.log")
        for number in 0..<5 {
            try TextFile.append(scene.lines(20), scene.road.path("late-\(number).log"))
            try await scene.arrival()
        }
        try await scene.end()
    }

    /// fluent-bit #1330 and #5024: what was rotated while the agent was down came again.
    @Test(arguments: ["app.log", "app.log*"])
    func renamedTwiceWhileNobodyLooks(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(300), path)
        try await scene.arrival()
        scene.agent.kill()
        // Behind what has been read there is more when the file moves, and moves again.
        try TextFile.append(scene.lines(70), path)
        try TextFile.rename(path, path + ".1")
        try TextFile.rename(path + ".1", path + ".2")
        try TextFile.append(scene.lines(40), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    @Test func renamedWithAllReadWhileNobodyLooks() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(300), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.rename(path, path + ".1")
        try await scene.road.runOnce()
        try scene.compare()
    }

    /// beats #44780, vector #5833: short files, and files that begin alike.
    @Test func filesThatBeginAlikeAreTwoFiles() async throws {
        let scene = try await Scene("*/app.log")
        let names = ["a", "b"].map { scene.road.path($0) }
        let same = scene.lines(100)
        _ = same
        let twice = scene.written
        for name in names {
            unsafe mkdir(name, 0o755)
            try TextFile.append(twice.joined(separator: "\n") + "\n", name + "/app.log")
        }
        try await scene.road.waitForEvents(200, scene.agent)
        #expect(try await scene.road.terminate(scene.agent) == 0)
        #expect(Account(written: twice + twice, arrived: try scene.road.lokiLines()).isEven)
        #expect(Account(written: twice + twice, arrived: try scene.road.elasticsearchMessages()).isEven)
    }

    /// fluent-bit #1108: more changes than the kernel keeps.
    @Test func aPauseOfTheAgentLosesNothing() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        for round in 0..<3 {
            try TextFile.append(scene.lines(100), path)
            scene.agent.send(SIGSTOP)
            try TextFile.append(scene.lines(100), path)
            for number in stride(from: round, through: 1, by: -1) {
                try TextFile.rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            try TextFile.rename(path, path + ".1")
            try TextFile.append(scene.lines(100), path)
            scene.agent.send(SIGCONT)
            try await scene.arrival()
        }
        try await scene.end()
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : -1
    }
}
