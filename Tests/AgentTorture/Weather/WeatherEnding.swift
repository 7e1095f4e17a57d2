// SPDX-License-Identifier: Apache-2.0

/// What has to be true of the agent when the weather is over and everything has arrived.
struct WeatherEnding {
    let root: String
    let plan: Plan
    let agent: AgentProcess
    let findings: Findings

    /// Nothing is left open of what failed.
    ///
    /// - Returns: how many descriptors there are.
    func checkDescriptors(allowed: Int) -> Int {
        // Files are closed some seconds after their rotation.
        let deadline = MachineClock.monotonic() + 10 * MachineClock.second
        while agent.openDescriptors > allowed, MachineClock.monotonic() < deadline {
            MachineClock.sleep(milliseconds: 200)
        }
        let count = agent.openDescriptors
        if count > allowed { findings.fault("descriptors", "\(count) are open, and \(allowed) were expected") }
        return count
    }

    /// What was read is what was delivered, had been there already, was dropped or given up. (The agent began after a
    /// restart in fair weather: it counts nothing that another life has delivered in part.)
    func checkCounters() {
        guard let port = agent.port else { return findings.fault("counters", "the agent serves no metrics") }
        var difference = "the agent serves no metrics"
        // The last progress is counted when it is known.
        for _ in 0..<20 {
            guard let metrics = AgentMetrics(port: port) else { continue }
            difference = Self.difference(metrics)
            if difference.isEmpty { return }
            MachineClock.sleep(milliseconds: 200)
        }
        findings.fault("counters", difference)
    }

    /// - Returns: what does not add up; nothing if all does.
    private static func difference(_ metrics: AgentMetrics) -> String {
        let read = metrics.sum("sluice_input_events_total") ?? -1
        let dropped = metrics.sum("sluice_input_dropped_events_total") ?? 0
        var problems: [String] = []
        for output in WeatherOutput.allCases {
            func events(_ result: String) -> Int {
                metrics.sum("sluice_output_events_total", "output=\"\(output.rawValue)\",result=\"\(result)\"") ?? 0
            }
            let kinds = ["delivered", "duplicate", "unrouted", "dropped", "dead_letter"].map { ($0, events($0)) }
            if kinds.reduce(dropped, { $0 + $1.1 }) != read || events("dead_letter") > 0 {
                let words = kinds.map { "\($1) \($0)" }.joined(separator: ", ")
                problems.append("\(output.rawValue) of \(read) events: \(words)")
            }
        }
        return problems.joined(separator: "; ")
    }

    /// The state says that all is done, and an agent that starts with it sends nothing again.
    func checkState(_ arrivals: Arrivals) throws {
        expectEnd()
        try EndState(root: root, findings: findings).checkState(
            agent.statePath,
            plan.writers.map { PipelineFile.folder(root, $0) }
        )
        try agent.start()
        MachineClock.sleep(milliseconds: 2000)
        expectEnd()
        try arrivals.readNew()
        try arrivals.readDeadLetters(agent.statePath)
    }

    private func expectEnd() {
        if let status = agent.unexpectedEnd {
            findings.fault("end", "the agent ended by itself with \(status): \(agent.logPath)")
        }
        let status = agent.terminate(milliseconds: 30_000)
        if status != 0 {
            findings.fault("status", "the agent ended with \(status.map(String.init) ?? "nothing"): \(agent.logPath)")
        }
    }
}
