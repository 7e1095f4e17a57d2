// SPDX-License-Identifier: Apache-2.0

import Testing

/// What comes after a rotation is found when the old file gives no more, not at the next look at the patterns.
@Suite struct SuccessorTests {
    @Test func aRotatedFilesSuccessorIsReadBeforeTheNextScan() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: "scan_frequency: 1h")
        try TextFile.write("one\n", road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        for (number, line) in ["two", "three"].enumerated() {
            try TextFile.rename(road.path("app.log"), road.path("app.log.\(number + 1)"))
            try TextFile.write(line + "\n", road.path("app.log"))
            try await road.waitForEvents(number + 2, agent)
        }
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.lokiLines() == ["one", "two", "three"])
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three", "two"])
    }
}
