// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// Files that rotation compresses are read as what they were.
@Suite(.serialized) struct CompressedFilesTests {
    @Test func severalMembersAreOneText() async throws {
        let scene = try await Scene("app.log*")
        let text = scene.lines(3000)
        let cut = text.index(text.startIndex, offsetBy: 40_001)
        try TextFile.append(
            try GzipFile.bytes(String(text[..<cut]), String(text[cut...])),
            scene.road.path("app.log.2.gz")
        )
        // What only has the name is read as it stands.
        try TextFile.append(scene.lines(10), scene.road.path("app.log.3.gz"))
        try await scene.end()
    }

    @Test(arguments: ["app.log", "app.log*"])
    func compressedAtOnceAndLater(_ pattern: String) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        for round in 0..<4 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            // Nobody has had time to read the last lines before the file is compressed.
            try TextFile.append(scene.lines(20), path)
            if round % 2 == 0 {
                try TextFile.rename(path, path + ".\(round)")
                try GzipFile.compress(path + ".\(round)")
            } else {
                try TextFile.rename(path, path + ".\(round)")
                try TextFile.append(scene.lines(20), path)
                try await scene.arrival()
                try GzipFile.compress(path + ".\(round)")
            }
        }
        try TextFile.append(scene.lines(10), path)
        try await scene.end()
    }

    /// fluent-bit #10414 loses what was not read when the file went. The files that are made next are given the inodes of
    /// those that went.
    @Test(arguments: ["app.log", "app.log*"], [false, true])
    func compressedWhileNobodyLooks(_ pattern: String, _ isKilled: Bool) async throws {
        let scene = try await Scene(pattern)
        let path = scene.road.path("app.log")
        for round in 0..<2 {
            try TextFile.append(scene.lines(4000), path)
            try await scene.arrival()
            if isKilled { scene.agent.kill() } else { #expect(try await scene.road.terminate(scene.agent) == 0) }
            // More behind what has been read, and a whole file of which nothing has been read.
            try TextFile.append(scene.lines(70), path)
            try TextFile.rename(path, path + "-2026112\(round)")
            try GzipFile.compress(path + "-2026112\(round)")
            try TextFile.append(scene.lines(50), path)
            try TextFile.rename(path, path + "-2026113\(round)")
            try GzipFile.compress(path + "-2026113\(round)")
            try TextFile.append(scene.lines(40), path)
            scene.agent = try scene.road.agent()
        }
        try await scene.end()
    }

    @Test func oneThatWasReadIsNotReadAgain() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log.1.gz")
        try TextFile.append(try GzipFile.bytes(scene.lines(1000)), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.rename(path, scene.road.path("app.log.2.gz"))
        try TextFile.append(scene.lines(1), scene.road.path("app.log"))
        scene.agent = try scene.road.agent(["--log-level", "debug"])
        try await scene.end()
        // Not even decompressed to see that.
        #expect(!scene.agent.errors.contains("app.log.2.gz"))
    }

    /// What was met under one rotated name is compressed under the next.
    @Test func rotatedOnAndCompressedWhileNobodyLooks() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(30), path + ".1")
        try TextFile.append(scene.lines(30), path)
        try await scene.arrival()
        scene.agent.kill()
        try TextFile.rename(path + ".1", path + ".2")
        try GzipFile.compress(path + ".2")
        try TextFile.append(scene.lines(5), path)
        scene.agent = try scene.road.agent()
        try await scene.end()
    }

    @Test func oneThatIsBeingMadeIsWaitedFor() async throws {
        let scene = try await Scene("app.log*")
        let first = scene.lines(2000)
        let second = scene.lines(3000)
        let bytes = try GzipFile.bytes(first, second)
        let path = scene.road.path("app.log.1.gz")
        try TextFile.append(Array(bytes[..<1]), path)
        let cut = try GzipFile.bytes(first).count + 100
        try TextFile.append(Array(bytes[1..<cut]), path)
        try await scene.road.waitForEvents(2000, scene.agent)
        try TextFile.append(Array(bytes[cut...]), path)
        try await scene.end()
        #expect(!scene.agent.errors.contains("damaged"))
        #expect(!scene.agent.errors.contains("too early"))
    }

    /// The lines are those of the file that is being compressed, which is there until all of them are.
    @Test func theOriginalOfOneThatIsBeingMadeIsRead() async throws {
        let scene = try await Scene("app.log*", level: "debug")
        let path = scene.road.path("app.log.1")
        let text = scene.lines(3000)
        try TextFile.append(text, path)
        try await scene.arrival()
        let bytes = try GzipFile.bytes(text)
        try TextFile.append(Array(bytes[..<(bytes.count / 2)]), path + ".gz")
        try await Poll.until("the compressed file is seen", tail: { scene.agent.errors }) {
            scene.agent.errors.contains("it is a copy")
        }
        try TextFile.append(Array(bytes[(bytes.count / 2)...]), path + ".gz")
        unsafe unlink(path)
        try TextFile.append(scene.lines(10), scene.road.path("app.log"))
        try await scene.end()
    }

    /// The same of a file that was met under the name that rotation had given it then, and has another by now; also by an
    /// agent that was not there meanwhile.
    @Test(arguments: [false, true])
    func theOriginalUnderItsNextNameIsRead(_ isStarted: Bool) async throws {
        let scene = try await Scene("app.log*", level: "debug")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(3000), path + ".1")
        try TextFile.append(scene.lines(10), path)
        try await scene.arrival()
        if isStarted { scene.agent.kill() }
        try TextFile.rename(path + ".1", path + ".2")
        try TextFile.append(try GzipFile.bytes(try TextFile.read(path + ".2")), path + ".2.gz")
        if isStarted { scene.agent = try scene.road.agent(["--log-level", "debug"]) }
        try await Poll.until("the compressed file is seen", tail: { scene.agent.errors }) {
            scene.agent.errors.contains("it is a copy") || scene.agent.errors.contains(path + ".2.gz")
        }
        #expect(unsafe unlink(path + ".2") == 0)
        try TextFile.append(scene.lines(10), path)
        try await scene.end()
    }

    /// The same where nothing had arrived when the agent was killed, so that all of it is still to be read.
    @Test func theOriginalUnderItsNextNameIsReadFromTheBeginning() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .status(503, "") }
        defer { server.stop() }
        try road.pipeline(["app.log*"], loki: server.port, elasticsearch: server.port)
        let path = road.path("app.log")
        let lines = (0..<3000).map { "line \($0) of what was rotated" }
        try TextFile.append(lines.map { $0 + "\n" }.joined(), path + ".1")
        try await Task.sleep(for: .milliseconds(20))
        try TextFile.append("the first\n", path)
        var agent = try road.agent()
        try await Poll.until("both files are known", tail: { agent.errors }) {
            (try? StateFile(road).heads()) == 2
        }
        agent.kill()
        try TextFile.rename(path + ".1", path + ".2")
        try TextFile.append(try GzipFile.bytes(try TextFile.read(path + ".2")), path + ".2.gz")
        try road.pipeline(["app.log*"])
        agent = try road.agent()
        try await road.waitForEvents(3001, agent)
        #expect(unsafe unlink(path + ".2") == 0)
        try TextFile.append("the last\n", path)
        try await road.waitForEvents(3002, agent)
        #expect(try await road.terminate(agent) == 0)
        let expected = (lines + ["the first", "the last"]).sorted()
        #expect(try road.lokiLines().sorted() == expected)
        #expect(try road.elasticsearchMessages().sorted() == expected)
    }

    /// What was read has gone and is closed before all of it is in the compressed file, whose name is another by then.
    @Test func oneThatIsBeingMadeOfAClosedFileIsWaitedFor() async throws {
        let input = "close_inactive: 200ms\n    scan_frequency: 50ms"
        let scene = try await Scene("app.log*", level: "debug", input: input)
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(10), path)
        let text = scene.lines(3000)
        try TextFile.append(text, path + ".1")
        try await scene.arrival()
        try await Poll.until("it is closed", tail: { scene.agent.errors }) {
            try !scene.agent.openFiles().contains { $0.hasSuffix("app.log.1") }
        }
        let bytes = try GzipFile.bytes(text)
        unsafe unlink(path + ".1")
        try TextFile.append(Array(bytes[..<(bytes.count / 2)]), path + ".2.gz")
        try await Poll.until("the compressed file is seen", tail: { scene.agent.errors }) {
            scene.agent.errors.contains("app.log.2.gz")
        }
        try TextFile.append(Array(bytes[(bytes.count / 2)...]), path + ".2.gz")
        try TextFile.append(scene.lines(10), path)
        try await Poll.until("the whole of it is known", tail: { scene.agent.errors }) {
            AgentLog.entries(scene.agent.errors).contains { entry in
                entry["message"] as? String == "goes on" && (entry["path"] as? String)?.hasSuffix(".2.gz") == true
            }
        }
        try await scene.end()
    }

    @Test func aDamagedOneIsSaidOnceAndReadUpToThere() async throws {
        let scene = try await Scene("other.log")
        scene.agent.kill()
        try scene.road.pipeline(["app.log*"])
        var bytes = try GzipFile.bytes(scene.lines(500))
        bytes += [UInt8](repeating: 0xff, count: 50)
        try TextFile.append(bytes, scene.road.path("app.log.1.gz"))
        let whole = try GzipFile.bytes(scene.lines(500))
        try TextFile.append(whole + Array(try GzipFile.bytes("lost\n").prefix(12)), scene.road.path("app.log.2.gz"))
        let agent = try await scene.road.runOnce()
        try scene.compare()
        let said = AgentLog.entries(agent.errors).compactMap { $0["message"] as? String }
        #expect(said.count { $0.contains("the gzip data is damaged") } == 1, "\(agent.errors)")
        #expect(said.count { $0.contains("the gzip data ends too early") } == 1, "\(agent.errors)")
    }

    /// Each takes memory, so they are read in turns.
    @Test func moreThanAreReadAtOnce() async throws {
        let scene = try await Scene("*.gz")
        for number in 0..<50 {
            try TextFile.append(try GzipFile.bytes(scene.lines(20)), scene.road.path("app-\(number).log.gz"))
        }
        try await scene.end()
    }

    /// The name that they are rotated from matches no pattern.
    @Test func onlyRotatedFilesAreRead() async throws {
        let scene = try await Scene("app.log.*")
        let path = scene.road.path("app.log")
        for round in 3..<6 {
            try TextFile.append(scene.lines(100), path)
            try TextFile.rename(path, path + ".1")
            try await scene.arrival()
            try TextFile.rename(path + ".1", path + ".2")
            try GzipFile.compress(path + ".2")
            try TextFile.rename(path + ".2.gz", path + ".\(round).gz")
        }
        try await scene.end()
    }

    /// The agent compares the copy with its original in the moment in which that goes, as it does about once in 300 times.
    @Test func deletedWhileTheyAreCompared() async throws {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed)")
        var random = SplitMix64(seed: seed)
        let scene = try await Scene("*/app.log*")
        let folders = (0..<6).map { scene.road.path("\($0)") }
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        for round in 0..<60 {
            for folder in folders { try TextFile.append(scene.lines(25), folder + "/app.log") }
            try await scene.arrival()
            for folder in folders {
                let path = folder + "/app.log"
                if round > 0 {
                    try TextFile.rename(path + ".1", path + ".2")
                    let bytes = try GzipFile.bytes(try TextFile.read(path + ".2"))
                    if round > 1 { try TextFile.rename(path + ".2.gz", path + ".\(round + 1).gz") }
                    try TextFile.append(bytes, path + ".2.gz")
                    usleep(UInt32.random(in: 0..<500, using: &random))
                    unsafe unlink(path + ".2")
                }
                try TextFile.rename(path, path + ".1")
                usleep(UInt32.random(in: 0..<20_000, using: &random))
            }
        }
        try await scene.end()
    }

    /// It was met under a name that rotation had given it already, and let go; it goes before the agent has noticed that it
    /// has another one.
    @Test func deletedBeforeItsNextNameIsKnown() async throws {
        let seed = TortureSeed.chosen()
        print("TORTURE_SEED=\(seed)")
        var random = SplitMix64(seed: seed)
        let scene = try await Scene("*/app.log*", input: "close_inactive: 50ms")
        let folders = (0..<6).map { scene.road.path("\($0)") }
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        for round in 0..<12 {
            for folder in folders {
                try TextFile.append(scene.lines(25), folder + "/new")
                try TextFile.rename(folder + "/new", folder + "/app.log.1")
            }
            try await scene.arrival()
            try await Poll.until("all are closed", tail: { scene.agent.errors }) {
                try !scene.agent.openFiles().contains { $0.contains("/app.log") }
            }
            for folder in folders {
                let path = folder + "/app.log"
                if round > 0 { try TextFile.rename(path + ".2.gz", path + ".\(round + 2).gz") }
                let bytes = try GzipFile.bytes(try TextFile.read(path + ".1"))
                try TextFile.rename(path + ".1", path + ".2")
                try TextFile.append(bytes, path + ".2.gz")
                usleep(UInt32.random(in: 0..<500, using: &random))
                unsafe unlink(path + ".2")
                usleep(UInt32.random(in: 0..<20_000, using: &random))
            }
        }
        try await scene.end()
    }

    /// It is renamed, compressed and deleted after it was let go, which is told one after the other.
    @Test func compressedAfterItWasClosed() async throws {
        let scene = try await Scene("app.log*", input: "close_inactive: 50ms")
        let path = scene.road.path("app.log")
        for round in 0..<6 {
            try TextFile.append(scene.lines(200), path)
            try await scene.arrival()
            try await Poll.until("it is closed", tail: { scene.agent.errors }) {
                try !scene.agent.openFiles().contains { $0.hasSuffix("/app.log") }
            }
            try TextFile.rename(path, path + ".1\(round)")
            try TextFile.rename(path + ".1\(round)", path + ".2\(round)")
            try GzipFile.compress(path + ".2\(round)")
            try TextFile.append(scene.lines(10), path)
            try await scene.arrival()
        }
        try await scene.end()
    }

    /// The inode of the file that was compressed is that of the next one that is being compressed now.
    @Test func anInodeThatWentToOneThatHasOnlyBegun() async throws {
        let scene = try await Scene("app.log*")
        let path = scene.road.path("app.log")
        try TextFile.append(scene.lines(100), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        let inode = try Self.inode(path)
        try TextFile.rename(path, path + "-01")
        try GzipFile.compress(path + "-01")
        // File systems that give no inode twice cannot bring it about.
        for number in 2..<50 {
            try TextFile.append("", path + "-\(number).gz")
            if try Self.inode(path + "-\(number).gz") == inode { break }
        }
        scene.agent = try scene.road.agent()
        try TextFile.append(scene.lines(10), path)
        try await scene.end()
    }

    private static func inode(_ path: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
    }

    /// The inode of the file that was compressed is that of a file elsewhere now.
    @Test func anInodeThatWentToAnotherFolder() async throws {
        let scene = try await Scene("*/app.log*")
        for name in ["a", "b"] { unsafe mkdir(scene.road.path(name), 0o755) }
        let path = scene.road.path("a/app.log")
        try TextFile.append(scene.lines(500), path)
        try await scene.arrival()
        #expect(try await scene.road.terminate(scene.agent) == 0)
        try TextFile.append(scene.lines(10), path)
        try GzipFile.compress(path, to: path + ".1.gz")
        // Nothing can be said of it yet, so that it is no file of its own.
        try TextFile.append("", scene.road.path("b/app.log.gz"))
        scene.agent = try scene.road.agent()
        try await scene.end()
    }
}
