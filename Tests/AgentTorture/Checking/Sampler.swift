// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Looks at the agent ten times a second: whether it runs, how much memory it has, and whether it has read all that it
/// may hold.
final class Sampler: Sendable {
    private let agent: AgentProcess
    private let timeline: Timeline
    private let stop: StopFlag
    private let peak = Atomic<Int>(0)

    /// Batches that may be under way; with so many, reading stands still.
    private static let batches = 3 + AgentProcess.processors

    init(agent: AgentProcess, timeline: Timeline, stop: StopFlag) {
        self.agent = agent
        self.timeline = timeline
        self.stop = stop
    }

    /// KiB, the most that any of the agent's lives had.
    var peakKibibytes: Int { peak.load(ordering: .relaxed) }

    func run() {
        var life = 0
        var port: Int?
        var last = MachineClock.monotonic()
        while true {
            let before = MachineClock.monotonic()
            guard stop.sleep(milliseconds: 100) else { return }
            let late = MachineClock.monotonic() - before - 100 * MachineClock.millisecond
            // Where this thread does not get its turn, the agent does not either.
            if late > 100 * MachineClock.millisecond { timeline.noteBlindness(from: before) }
            if agent.lives != life {
                life = agent.lives
                port = nil
            }
            if let identifier = agent.identifier { notePeak(identifier) }
            if port == nil { port = readLog() }
            let now = MachineClock.monotonic()
            // What cannot be asked says nothing; the file system of a stopped process does not answer either.
            if let port, let metrics = AgentMetrics(port: port),
                metrics.sum("sluice_batches_in_flight") ?? 0 >= Self.batches
            {
                timeline.noteDisturbance(from: last, to: now + 300 * MachineClock.millisecond)
            }
            last = now
        }
    }

    private func notePeak(_ identifier: Int32) {
        let status = TextFile.read("/proc/\(identifier)/status")
        guard let mark = status.firstRange(of: "VmHWM:") else { return }
        let digits = status[mark.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber }
        if let value = Int(digits), value > peakKibibytes { peak.store(value, ordering: .relaxed) }
    }

    /// - Returns: the port at which it serves its metrics, once its log says so.
    private func readLog() -> Int? {
        guard let port = agent.port else { return nil }
        timeline.isReady()
        return port
    }
}
