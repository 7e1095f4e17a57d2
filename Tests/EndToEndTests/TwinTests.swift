// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Equal lines of one second are as many events as there are lines.
@Suite(.serialized) struct TwinTests {
    private let line = #"{"timestamp":"TIME","message":"twin"}"# + "\n"

    private func twin(wholeSeconds: Bool = true) -> String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions =
            wholeSeconds ? [.withInternetDateTime] : [.withInternetDateTime, .withFractionalSeconds]
        return line.replacing("TIME", with: formatter.string(from: Date()))
    }

    private func expect(_ count: Int, _ road: Road) throws {
        #expect(try road.lokiLines().count == count)
        #expect(try road.receiver.elasticsearch.count("logs-test") == count)
    }

    @Test(arguments: [true, false])
    func withTimesOfTheirOwn(_ wholeSeconds: Bool) async throws {
        let road = try await Road()
        let twin = twin(wholeSeconds: wholeSeconds)
        try TextFile.write(twin + twin + twin, road.path("app.log"))
        try road.pipeline(["app.log"], parse: "json", processors: ["timestamp: {field: timestamp, layouts: [ISO8601]}"])
        try await road.runOnce()
        try expect(3, road)
        // A later run does not take the next one for one of them either.
        try TextFile.append(twin, road.path("app.log"))
        try await road.runOnce()
        try expect(4, road)
    }

    @Test func withoutTimes() async throws {
        let road = try await Road()
        try TextFile.write(String(repeating: "twin\n", count: 1000), road.path("app.log"))
        try road.pipeline(["app.log"])
        try await road.runOnce()
        try expect(1000, road)
    }

    @Test func inTwoFiles() async throws {
        let road = try await Road()
        let twin = twin()
        try TextFile.write(twin + twin, road.path("one.log"))
        try TextFile.write(twin + twin, road.path("two.log"))
        try road.pipeline(["*.log"], parse: "json", processors: ["timestamp: {field: timestamp, layouts: [ISO8601]}"])
        try await road.runOnce()
        try expect(4, road)
    }

    @Test func acrossARotation() async throws {
        let road = try await Road()
        let twin = twin()
        try road.pipeline(
            ["app.log*"],
            parse: "json",
            processors: ["timestamp: {field: timestamp, layouts: [ISO8601]}"]
        )
        try TextFile.write(twin, road.path("app.log"))
        let agent = try road.agent()
        try await road.waitForEvents(1, agent)
        try TextFile.rename(road.path("app.log"), road.path("app.log.1"))
        try TextFile.write(twin + twin, road.path("app.log"))
        try await road.waitForEvents(3, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(3, road)
    }
}
