// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Runs an agent against a destination with a fault until all is settled, and compares what became of each event.
struct VerdictRun {
    private struct Letter {
        let message: String
        let status: Int
    }

    private let folder: TemporaryFolder
    private let events: VerdictEvents
    private let expected: VerdictExpectation

    /// - Parameter makeDestination: is told the folder in which it can keep what it needs.
    static func run<Fault>(
        _ row: VerdictRow<Fault>,
        _ makeDestination: (_ folder: String, Fault) async throws -> any VerdictDestination
    ) async throws {
        let run = try VerdictRun(
            folder: TemporaryFolder(),
            events: VerdictEvents(row.poison),
            expected: row.expected
        )
        let destination = try await makeDestination(run.folder.path, row.fault)
        defer { destination.stop() }
        try await run.run(to: destination, options: row.options)
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func run(to destination: any VerdictDestination, options: [String]) async throws {
        try TextFile.write(events.parts[0], path("app.log"))
        // What a row asks for stands in place of what every row has.
        let keys = options.map { $0.prefix { $0 != ":" } }
        try writePipeline(destination.output.filter { line in !keys.contains { line.hasPrefix($0) } } + options)
        let agent = try ChildProcess(
            [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state"), "--listen", "127.0.0.1:0"],
            folder: folder.path,
            name: "agent"
        )
        let metrics = try await settle(agent)
        #expect(agent.isRunning)
        agent.send(SIGTERM)
        #expect(try await agent.exitStatus() == 0, "\(agent.errors.suffix(2000))")

        let letters = try await letters()
        let account = Account(written: events.wanted, arrived: try destination.arrived() + letters.map(\.message))
        #expect(account.isEven, "at the destination and in the dead letters: \(account)")
        expect(letters)
        expect(metrics, letters: letters.count)
        expect(AgentLog.entries(agent.errors))
        if let pause = expected.pause, let found = destination.firstPause { #expect(found >= pause) }
    }

    private func writePipeline(_ output: [String]) throws {
        let pace = ["name: out", "flush: {timeout: 20ms}", "backoff: {init: 10ms, max: 40ms}", "bulk_max_size: 50"]
        try TextFile.write(
            """
            name: test
            inputs:
              - {type: file, paths: ["\(path("app.log"))"], parse: json}
            processors:
              - timestamp: {field: at, layouts: [ISO8601], ignore_missing: true}
              - drop_event: {when: {equals: {level: DEBUG}}}
            outputs:
              - \((output + pace).joined(separator: "\n    "))

            """,
            path("pipeline.yml")
        )
    }

    /// Writes the second half when the first is under way, and waits until all is settled.
    ///
    /// - Returns: the metrics at the end.
    private func settle(_ agent: ChildProcess) async throws -> PrometheusText {
        let port = try await agent.metricsPort()
        var metrics = try PrometheusText("")
        var uneven: [String] = []
        var isWhole = false
        try await Poll.until("all is settled", tail: { agent.errors }) {
            metrics = try PrometheusText(HTTPClient.get(port, "/metrics").text)
            let sum = EventSum(metrics, output: "out")
            if !sum.isEven { uneven.append("\(sum)") }
            if !isWhole, sum.read > 0 {
                isWhole = true
                try TextFile.append(events.parts[1], path("app.log"))
            }
            return sum.read == Double(VerdictEvents.count) && sum.inFlight == 0
        }
        #expect(uneven.isEmpty, "metrics add up at every instant: \(uneven.prefix(3))")
        return metrics
    }

    private func letters() async throws -> [Letter] {
        let list = try await Command.run(
            [SluiceCommand.path, "deadletters", "list", "--all", "--json", "--state", path("state")]
        )
        let records = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
        return (records ?? []).map { record in
            Letter(message: events.message(at: record["offset"] as? Int ?? -1), status: record["status"] as? Int ?? -1)
        }
    }

    // MARK: What is expected

    private func expect(_ letters: [Letter]) {
        switch expected.letters {
        case .none: #expect(letters.isEmpty, "\(letters.prefix(3))")
        case .poison(let status):
            #expect(Set(letters.map(\.message)) == events.poison)
            #expect(letters.allSatisfy { $0.status == status }, "\(letters.prefix(3))")
        case .some(let status):
            #expect(!letters.isEmpty)
            #expect(letters.allSatisfy { $0.status == status }, "\(letters.prefix(3))")
        }
    }

    private func expect(_ metrics: PrometheusText, letters: Int) {
        let count = { (result: String) in
            Int(metrics.sum("sluice_output_events_total", ["output": "out", "result": result]))
        }
        #expect(count("dead_letter") == letters)
        #expect(expected.duplicates.contains(count("duplicate")), "\(count("duplicate")) were there already")
        #expect(count("failure_store") == expected.redirected)
        let rest = letters + count("duplicate") + count("failure_store")
        #expect(count("delivered") + rest == events.wanted.count)
        #expect(metrics.sum("sluice_input_dropped_events_total") == Double(VerdictEvents.count - events.wanted.count))
        #expect(metrics.sum("sluice_output_failing") == 0)
        #expect((metrics.sum("sluice_output_retries_total") > 0) == !expected.complaints.isEmpty)
    }

    private func expect(_ log: [[String: Any]]) {
        let complaints = log.filter { entry in
            let message = entry["message"] as? String ?? ""
            return message.hasPrefix("output fails") || message.hasPrefix("output holds")
        }
        if !expected.isRecurring {
            #expect(complaints.count == expected.complaints.count, "each is said once: \(complaints)")
        }
        for (found, complaint) in zip(complaints, expected.complaints) {
            switch complaint {
            case .retry(let words):
                #expect(found["level"] as? String == "WARNING", "\(found)")
                let isThere = words.isEmpty || (found["reason"] as? String)?.contains(words) == true
                #expect(isThere, "\(found)")
            case .hold(let status):
                #expect(found["level"] as? String == "ERROR", "\(found)")
                #expect(found["status"] as? String == "\(status)", "\(found)")
            }
        }
        let recoveries = log.filter { $0["message"] as? String == "output works again" }
        #expect(recoveries.isEmpty == expected.complaints.isEmpty)
        let refusals = log.filter { ($0["message"] as? String)?.hasPrefix("output refuses events") == true }
        if case .none = expected.letters { #expect(refusals.isEmpty) } else { #expect(!refusals.isEmpty) }
    }
}
