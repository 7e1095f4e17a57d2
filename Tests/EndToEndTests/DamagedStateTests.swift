// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A `state.db` that SQLite cannot read.
@Suite(.serialized) struct DamagedStateTests {
    private func damage(_ road: Road) throws {
        let path = StateFile(road).path
        for suffix in ["-wal", "-shm"] { unsafe unlink(path + suffix) }
        try TextFile.write(String(repeating: "this is no database. ", count: 400), path)
    }

    @Test func filesAreReadAgain() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.write("one\ntwo\n", road.path("app.log"))
        try await road.runOnce()
        try damage(road)
        try TextFile.append("three\n", road.path("app.log"))
        let agent = try await road.runOnce()
        // Twice rather than not at all.
        #expect(Set(try road.elasticsearchMessages()) == ["one", "two", "three"])
        #expect(agent.errors.contains("the state is damaged and was set aside"), "\(agent.errors)")
        let aside = StateFile(road).path + ".damaged-1"
        #expect(try TextFile.read(aside).hasPrefix("this is no database. "))
        // And from there on as always.
        let before = try road.elasticsearchMessages().count
        try TextFile.append("four\n", road.path("app.log"))
        try await road.runOnce()
        #expect(try road.elasticsearchMessages().count == before + 1)
    }

    @Test func aQueueIsNotGivenUp() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: tcp, id: messages, host: \"127.0.0.1:0\""])
        let agent = try road.agent()
        _ = try await road.port(of: "messages", agent)
        #expect(try await road.terminate(agent) == 0)
        try damage(road)
        let second = try road.agent()
        #expect(try await second.exitStatus() == 74)
        #expect(second.errors.contains("this file is not a SQLite database"), "\(second.errors)")
        #expect(try TextFile.read(StateFile(road).path).hasPrefix("this is no database. "))
    }
}
