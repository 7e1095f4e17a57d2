// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import SluiceBytes
import Testing

/// `sluice state import-filebeat`, with registries as Filebeat writes them.
@Suite(.serialized) struct FilebeatImportTests {
    private func importing(_ road: Road, _ options: String...) async throws -> Command.Result {
        try await Command.run(
            [
                SluiceCommand.path, "state", "import-filebeat", road.path("data"), "--pipeline",
                road.path("pipeline.yml"), "--state", road.path("state"),
            ] + options
        )
    }

    enum Kind: String, CaseIterable, Sendable {
        case log, native, container, fingerprint, path
    }

    /// The key and value of a file, as each of Filebeat's inputs has them.
    private func state(_ kind: Kind, _ path: String, offset: Int, updated: Int = 1_700_000_000) throws -> FilebeatState
    {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw Command.Failure(description: "\(path) is not there") }
        let native = "\(status.st_ino)-\(status.st_dev)"
        if kind == .log {
            return FilebeatState(
                key: "filebeat::logs::native::\(native)",
                fields: #""source":"\#(path)","offset":\#(offset),"timestamp":[515599496597,\#(updated)],"ttl":-1,"#
                    + #""type":"log","id":"native::\#(native)","prev_id":"","identifier_name":"native","#
                    + #""FileStateOS":{"inode":\#(status.st_ino),"device":\#(status.st_dev)}"#
            )
        }
        var identity = "native::\(native)"
        switch kind {
        case .container: identity += "-stdout"
        case .path: identity = "path::\(path)"
        case .fingerprint:
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(1024)
            identity = "fingerprint::" + SHA256.hexadecimal(Array(bytes))
        case .log, .native: break
        }
        return FilebeatState(
            key: "filestream::my-id::\(identity)",
            fields: #""ttl":-1,"updated":[515599496597,\#(updated)],"cursor":{"offset":\#(offset)},"#
                + #""meta":{"source":"\#(path)","identifier_name":"\#(kind == .container ? "native" : kind.rawValue)"}"#
        )
    }

    /// Long enough for a fingerprint.
    private static let read = (0..<200).map { "line \($0) that Filebeat has read" }
    private static let rest = (0..<50).map { "line \($0) that nobody has read" }

    private static func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

    @Test(arguments: Kind.allCases, [false, true])
    func exactlyWhatFollowsIsShipped(_ kind: Kind, isCheckpoint: Bool) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        let text = Self.text(Self.read)
        try TextFile.write(text + Self.text(Self.rest), road.path("app.log"))
        let state = try state(kind, road.path("app.log"), offset: text.utf8.count)
        let registry = try FilebeatFiles(road.path("data"))
        try registry.write(checkpoint: isCheckpoint ? (7, [state]) : nil, log: isCheckpoint ? [] : [.set(1, state)])
        let result = try await importing(road)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 taken over"), "\(result.output)\(result.errors)")
        try await road.runOnce()
        #expect(Account(written: Self.rest, arrived: try road.lokiLines()).isEven)
        #expect(Account(written: Self.rest, arrived: try road.elasticsearchMessages()).isEven)
    }

    @Test func theLogFollowsTheCheckpoint() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"])
        for name in ["a", "b", "c"] { try TextFile.write("one\ntwo\nthree\n", road.path("\(name).log")) }
        func at(_ name: String, _ offset: Int) throws -> FilebeatState {
            try state(.native, road.path("\(name).log"), offset: offset)
        }
        let registry = try FilebeatFiles(road.path("data"))
        try registry.write(
            checkpoint: (20, [try at("a", 4), try at("b", 4), try at("c", 4)]),
            log: [
                // The checkpoint has these, and they are older.
                .set(19, try at("a", 0)), .set(20, try at("b", 0)),
                .set(21, try at("a", 8)), .remove(22, try at("c", 4)), .set(23, try at("b", 8)),
            ],
            // Filebeat was killed while it wrote this.
            tail: #"{"op":"set","id":24}"# + "\n" + #"{"k":"filestream::my-id::nat"#
        )
        // An older checkpoint that was not removed.
        try registry.write(checkpoint: (3, [try at("a", 14)]), named: "3.json")
        let result = try await importing(road)
        #expect(result.status == 0 && result.errors.contains("unfinished"), "\(result.errors)")
        #expect(result.output.contains("2 taken over, 1 new"), "\(result.output)")
        try await road.runOnce()
        #expect(try road.lokiLines().sorted() == ["one", "three", "three", "three", "two"])
    }

    @Test func eachIsSaid() async throws {
        let road = try await Road()
        // The pipeline would begin at the end of what it does not know.
        try road.pipeline(["app*.log", "new.log"], input: "start: end")
        let long = "a long line that was there before\n"
        for name in ["app-short.log", "app-read.log", "app-within.log", "other.txt", "app-gone.log", "new.log"] {
            try TextFile.write(long, road.path(name))
        }
        let states = [
            try state(.native, road.path("app-short.log"), offset: long.utf8.count),
            try state(.native, road.path("app-read.log"), offset: long.utf8.count),
            // A second input of Filebeat was behind, long ago.
            FilebeatState(
                key: try state(.native, road.path("app-read.log"), offset: 0).key.replacing("my-id", with: "old"),
                fields: try state(.native, road.path("app-read.log"), offset: 0, updated: 5).fields
            ),
            try state(.native, road.path("app-within.log"), offset: 5),
            try state(.native, road.path("other.txt"), offset: 5),
            try state(.native, road.path("app-gone.log"), offset: 5),
            FilebeatState(key: "filestream::my-id::inode_marker::5-x", fields: #""cursor":{"offset":1}"#),
        ]
        try TextFile.write("short\n", road.path("app-short.log"))
        try FileManager.default.removeItem(atPath: road.path("app-gone.log"))
        try FilebeatFiles(road.path("data")).write(
            checkpoint: nil,
            log: states.enumerated().map { .set($0.offset + 1, $0.element) }
        )
        let dry = try await importing(road, "--dry-run")
        #expect(dry.status == 0 && dry.output.contains("nothing was changed"))
        #expect(!FileManager.default.fileExists(atPath: road.path("state")))
        let result = try await importing(road)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("inode_marker") && result.errors.contains("left out"))
        func line(_ name: String) -> Substring {
            result.output.split(separator: "\n").first { $0.contains(road.path(name)) } ?? ""
        }
        #expect(
            line("app-short.log").hasPrefix("from its beginning") && line("app-short.log").contains("beyond its end")
        )
        #expect(line("app-read.log").hasPrefix("taken over") && line("app-read.log").contains("newest of 2"))
        #expect(line("app-within.log").contains("within a line"))
        #expect(line("other.txt").hasPrefix("not an input's"))
        #expect(line("app-gone.log").hasPrefix("gone"))
        #expect(line("new.log").hasPrefix("new"))
        let again = try await importing(road)
        #expect(again.output.contains("3 already known"), "\(again.output)")
        try TextFile.append("more\n", road.path("app-read.log"))
        try await road.runOnce()
        #expect(try road.lokiLines().sorted() == [String(long.dropLast()), "more", "short"])
    }

    @Test func aFileThatWasRotatedAwayIsReadToItsEnd() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        let old = try state(.native, road.path("app.log"), offset: 4)
        try TextFile.rename(road.path("app.log"), road.path("app.log.1"))
        try TextFile.write("three\n", road.path("app.log"))
        try FilebeatFiles(road.path("data")).write(checkpoint: nil, log: [.set(1, old)])
        let result = try await importing(road)
        #expect(result.output.contains("1 taken over, 1 new"), "\(result.output)\(result.errors)")
        try await road.runOnce()
        #expect(try road.lokiLines().sorted() == ["three", "two"])
    }

    @Test func aFilebeatThatRuns() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("one\n", road.path("app.log"))
        try FilebeatFiles(road.path("data")).write(
            checkpoint: nil,
            log: [.set(1, try state(.native, road.path("app.log"), offset: 4))]
        )
        let lock = unsafe open(road.path("data/filebeat.lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let result = try await importing(road)
        #expect(result.status == 74 && result.errors.contains("a Filebeat is running"), "\(result.errors)")
        #expect(result.output.isEmpty)
        let dry = try await importing(road, "--dry-run")
        #expect(dry.status == 0 && dry.errors.contains("a Filebeat is running"))
        close(lock)
        #expect(
            try await importing(road).output.contains("1 taken over"),
            "a lock file that nobody holds is no Filebeat"
        )
    }

    @Test func noRegistryIsThere() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        let result = try await importing(road)
        #expect(result.status == 74 && result.errors.contains("no registry of Filebeat"), "\(result.errors)")
    }
}
