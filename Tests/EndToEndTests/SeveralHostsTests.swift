// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

/// Outputs with several hosts that are slow, loaded, dead, and back again; and how often those are asked that are dead.
@Suite(.serialized) struct SeveralHostsTests {
    private func lines(_ range: Range<Int>) -> [String] { range.map { "line \($0 + 10000) for one of several hosts" } }

    private func append(_ lines: [String], _ road: Road) throws {
        try TextFile.append(lines.joined(separator: "\n") + "\n", road.path("app.log"))
    }

    private func metrics(_ port: Int) throws -> PrometheusText {
        try PrometheusText(HTTPClient.get(port, "/metrics").text)
    }

    /// Waits until the output has settled so many events, and what it counts adds up.
    private func waitUntilSettled(_ count: Int, _ port: Int, _ agent: ChildProcess) async throws -> PrometheusText {
        var text = try PrometheusText("")
        try await Poll.until("\(count) events are settled", within: .seconds(120), tail: { agent.errors }) {
            text = try metrics(port)
            let requests = text.sum("sluice_output_host_requests_total") - text.sum("sluice_output_host_failures_total")
            return text.sum("sluice_output_events_total") == Double(count)
                && requests == text.sum("sluice_output_requests_total")
        }
        return text
    }

    @Test func allHostsShareAndOneMayDieAndAnotherBeSlow() async throws {
        let hosts = try await Hosts([[], [], ["--fault", "delay=300ms,api=elasticsearch"]])
        let road = hosts.road
        try hosts.pipeline()
        try append(lines(0..<2000), road)
        let (agent, port) = try await road.agentWithMetrics()
        func value(_ name: String, _ host: Int, _ text: PrometheusText) -> Double {
            text.sum("sluice_output_host_\(name)", ["host": hosts.names[host], "output": "elasticsearch"])
        }
        try await Poll.until("each has a share", tail: { agent.errors }) {
            let text = try metrics(port)
            return (0..<3).allSatisfy { value("requests_total", $0, text) > 0 }
        }
        hosts.receivers[1].kill()
        try append(lines(2000..<4000), road)
        try await Poll.until("the dead one is set aside", tail: { agent.errors }) {
            let text = try metrics(port)
            return value("healthy", 1, text) == 0 && value("failures_total", 1, text) > 0
        }
        let before = try await waitUntilSettled(4000, port, agent)
        let status = try await StatusAnswer(road).output("elasticsearch")["hosts"] as? [[String: Any]] ?? []
        #expect(status.map { $0["healthy"] as? Bool } == [true, false, true], "\(status)")
        #expect(
            status.allSatisfy { $0["requests"] as? Int ?? 0 > 0 } && status.map { $0["host"] as? String } == hosts.names
        )
        let table = try await Command.run([SluiceCommand.path, "status", "--state", road.path("state")]).output
        #expect(
            table.contains("host \(hosts.names[1]): ") && table.contains("it is set aside because it fails"),
            "\(table)"
        )
        #expect(before.sum("sluice_output_failing") == 0, "two work")
        #expect(value("healthy", 0, before) == 1 && value("healthy", 2, before) == 1)
        #expect(
            value("requests_total", 0, before) > value("requests_total", 2, before),
            "the slow one holds nobody: \(before.values.filter { $0.key.contains("_host_") })"
        )

        try await hosts.receivers[1].start()
        var written = 4000
        try await Poll.until("it gets its share again", tail: { agent.errors }) {
            try append(lines(written..<(written + 200)), road)
            written += 200
            let text = try metrics(port)
            return value("healthy", 1, text) == 1
                && value("requests_total", 1, text) - value("failures_total", 1, text)
                    > value("requests_total", 1, before) - value("failures_total", 1, before)
        }
        let after = try await waitUntilSettled(written, port, agent)
        #expect(after.sum("sluice_output_host_requests_in_flight") == 0)
        #expect(try await road.terminate(agent) == 0)
        let account = try hosts.account(written: lines(0..<written))
        #expect(account.isEven, "\(account)")
        let log = AgentLog.entries(agent.errors)
        for message in [
            "output sets a host aside: the others get its share, and it is asked from time to time", "host works again",
        ] {
            #expect(
                log.contains { $0["message"] as? String == message && $0["host"] as? String == hosts.names[1] },
                "\(agent.errors.suffix(2000))"
            )
        }
    }

    @Test func aStormOf429() async throws {
        let fault = ["--fault", "status=429,rate=0.3,api=elasticsearch"]
        let hosts = try await Hosts([fault, fault + ["--fault-seed", "2"], fault + ["--fault-seed", "3"]])
        try hosts.pipeline()
        let written = lines(0..<3000)
        try append(written, hosts.road)
        let (agent, port) = try await hosts.road.agentWithMetrics()
        let text = try await waitUntilSettled(3000, port, agent)
        #expect(text.sum("sluice_output_events_total", ["result": "delivered"]) == 3000)
        #expect(text.sum("sluice_output_host_failures_total") > 5)
        #expect(text.sum("sluice_output_host_healthy") == 3, "what is loaded is not dead")
        for name in hosts.names { #expect(text.sum("sluice_output_host_requests_total", ["host": name]) > 5) }
        #expect(try await hosts.road.terminate(agent) == 0)
        // What was refused is stored nowhere, so that there is none twice at all.
        let arrived = try (0..<3).flatMap { try hosts.messages($0) }
        #expect(Account(written: written, arrived: arrived).isEven)
    }

    @Test func oneHostAtATime() async throws {
        let road = try await Road()
        let first = try ScriptedServer { _, _ in .good }
        let second = try ScriptedServer { _, _ in .good }
        defer { second.stop() }
        let names = [first, second].map { "http://127.0.0.1:\($0.port)" }
        try Hosts.pipeline(road, names, "loadbalance: false")
        try append(lines(0..<500), road)
        let (agent, port) = try await road.agentWithMetrics()
        _ = try await waitUntilSettled(500, port, agent)
        #expect(second.received.isEmpty)
        first.stop()
        try append(lines(500..<1000), road)
        _ = try await waitUntilSettled(1000, port, agent)
        let taken = (first.taken + second.taken).flatMap(\.documents).count
        #expect(taken == 1000)
        // It works again, and is left alone for as long as the other does.
        let again = try ScriptedServer(port: first.port) { _, _ in .good }
        defer { again.stop() }
        try append(lines(1000..<1500), road)
        let text = try await waitUntilSettled(1500, port, agent)
        #expect(again.received.isEmpty)
        #expect(text.sum("sluice_output_failing") == 0)
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func theDeadAreAskedOnceASecond() async throws {
        let road = try await Road()
        let dead = try ScriptedServer { _, _ in .raw("") }
        try Hosts.pipeline(road, ["http://127.0.0.1:\(dead.port)"], "workers: 8\n    backoff: {init: 1s, max: 60s}")
        let written = lines(0..<2000)
        try append(written, road)
        let (agent, port) = try await road.agentWithMetrics()
        try await Poll.until("it is tried", tail: { agent.errors }) { !dead.received.isEmpty }
        let start = ContinuousClock.now
        try await Task.sleep(for: .seconds(4))
        // Eight may have been under way when the first failed. After that one asks, and no sooner than half a second after
        // the one before.
        let requests = dead.received.count
        let halfSeconds = Double((ContinuousClock.now - start) / .milliseconds(500))
        #expect(Double(requests) <= 8 + halfSeconds + 2, "\(requests) requests in \(halfSeconds / 2) s")
        #expect(try metrics(port).sum("sluice_output_failing") == 1)
        dead.stop()
        let alive = try ScriptedServer(port: dead.port) { _, _ in .good }
        defer { alive.stop() }
        _ = try await waitUntilSettled(2000, port, agent)
        #expect(alive.taken.flatMap(\.documents).count == 2000)
        #expect(try await road.terminate(agent) == 0)
    }

    @Test func aRateLimit() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try Hosts.pipeline(road, ["http://127.0.0.1:\(server.port)"], "rate_limit: {events: 200}")
        try append(lines(0..<600), road)
        let start = ContinuousClock.now
        try await road.runOnce()
        // All but the last request of 50 and what the bucket holds take their time, whatever the machine does.
        #expect(ContinuousClock.now - start >= .milliseconds(2600))
        #expect(server.taken.flatMap(\.documents).count == 600)
    }

    /// Loki takes lines out of order within an hour, but a batch that has to be sent again may take longer than that.
    @Test func noStreamOvertakesItsFailedBatch() async throws {
        let road = try await Road()
        let failed = Mutex<String?>(nil)
        let server = try ScriptedServer { number, request in
            // One request of several is refused again and again, wherever it comes among the others.
            guard number >= 3, number < 20 else { return .good }
            let chosen = failed.withLock { failed in
                failed = failed ?? request.body
                return failed
            }
            return request.body == chosen ? .status(503, "later") : .good
        }
        defer { server.stop() }
        try Hosts.pipeline(road, ["http://127.0.0.1:\(server.port)"], "workers: 4", type: "loki")
        let written = lines(0..<2000)
        try append(written, road)
        let (agent, port) = try await road.agentWithMetrics()
        _ = try await waitUntilSettled(2000, port, agent)
        #expect(try await road.terminate(agent) == 0)
        let chosen = try #require(failed.withLock { $0 })
        let bodies = server.received.map(\.body)
        let places = bodies.indices.filter { bodies[$0] == chosen }
        try #require(places.count > 10)
        // Once the agent knows that it failed, what was under way with it may still come, and no others.
        let between = bodies[places[1]...places[places.count - 1]].filter { $0 != chosen }.count
        #expect(between <= 3, "\(between)")
    }

    @Test func aPresetSaysWhatItOverrides() async throws {
        let road = try await Road()
        let server = try ScriptedServer { _, _ in .good }
        defer { server.stop() }
        try Hosts.pipeline(road, ["http://127.0.0.1:\(server.port)"], "preset: latency")
        try append(lines(0..<10), road)
        let agent = try await road.runOnce()
        let entry = try #require(
            AgentLog.entries(agent.errors).first { ($0["message"] as? String)?.contains("preset overrides") == true }
        )
        #expect(entry["options"] as? String == "bulk_max_size, flush.timeout")
        #expect(server.taken.flatMap(\.documents).count == 10)
    }
}
