// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Does to the agent, one after the other, what the seed says.
final class Tormentor {
    private let torments: [Torment]
    private let agent: AgentProcess
    private let receiver: ReceiverProcess
    private let timeline: Timeline
    private let findings: Findings
    private let counts: TormentCounts
    private let disk: SmallDisk?
    private let clock: ClockShim?
    private let stop: StopFlag
    private var random: SplitMix64

    /// What an agent needs that has no file open.
    private static let ownDescriptors = 80

    init(
        plan: Plan,
        agent: AgentProcess,
        receiver: ReceiverProcess,
        timeline: Timeline,
        findings: Findings,
        counts: TormentCounts,
        disk: SmallDisk?,
        clock: ClockShim?,
        stop: StopFlag
    ) {
        self.agent = agent
        self.receiver = receiver
        self.timeline = timeline
        self.findings = findings
        self.counts = counts
        self.disk = disk
        self.clock = clock
        self.stop = stop
        random = SplitMix64(seed: plan.seed ^ 0x746F_726D_656E_7400)
        torments = plan.torments.flatMap { torment in
            switch torment {
            case .network: [Torment]()
            case .disk: disk == nil ? [] : [torment]
            case .clock: clock == nil ? [] : [torment]
            // What it is all about.
            case .kill: [torment, torment, torment]
            default: [torment]
            }
        }
    }

    /// Goes on until it is told to stop; then everything is as it should be.
    func run() throws(Failure) {
        guard !torments.isEmpty else { return }
        while stop.sleep(milliseconds: 50 + random.below(1000)) {
            let torment = random.pick(torments)
            try perform(torment)
            counts.add(torment)
        }
        clock?.set(offset: 0)
    }

    private func perform(_ torment: Torment) throws(Failure) {
        // Whatever starts it again would hide that it had ended.
        checkThatItRuns()
        switch torment {
        case .kill:
            agent.kill()
            restLater()
            try agent.start()
        case .terminate:
            let status = agent.terminate(milliseconds: 30_000)
            // 69: something was left; 74: the state could not be written.
            // Before it listens for signals, SIGTERM is its end.
            let isExpected = status.map { [0, 69, 74].contains($0) || ($0 == 143 && !timeline.lastWasReady) } ?? true
            if let status, !isExpected {
                findings.fault("status", "the agent ended on SIGTERM with \(status): \(agent.logPath)")
            } else if status == nil {
                findings.fault("status", "the agent did not end on SIGTERM: \(agent.logPath)")
            }
            restLater()
            try agent.start()
        case .stop:
            timeline.beginBlindness()
            agent.send(signal: SIGSTOP)
            stop.sleep(milliseconds: 50 + random.below(2500))
            agent.send(signal: SIGCONT)
            timeline.endBlindness()
        case .receiver:
            timeline.beginDisturbance()
            receiver.kill()
            restLater()
            try receiver.start()
            timeline.endDisturbance()
        case .descriptors:
            // While it starts, its threads are still to open what they cannot do without.
            guard timeline.lastWasReady else { return }
            timeline.beginBlindness()
            // Some are left: the runtime's thread pool opens a file now and then, and ends the process where it cannot. An
            // agent that has just started has its connections still to open.
            agent.limit("nofile", to: max(agent.openDescriptors, Self.ownDescriptors) + 6 + random.below(30))
            stop.sleep(milliseconds: 200 + random.below(2000))
            maybeKill()
            agent.limit("nofile", to: nil)
            timeline.endBlindness()
        case .fileSize:
            // An agent that cannot write its state when it starts says so and ends.
            guard timeline.lastWasReady else { return }
            timeline.beginDisturbance()
            agent.limit("fsize", to: 4096 + random.below(60_000))
            stop.sleep(milliseconds: 200 + random.below(2000))
            maybeKill()
            agent.limit("fsize", to: nil)
            // It tries again once a second.
            timeline.endDisturbance(recovery: 2 * MachineClock.second)
        case .disk:
            timeline.beginDisturbance()
            disk?.fill()
            stop.sleep(milliseconds: 200 + random.below(2000))
            maybeKill()
            disk?.free()
            timeline.endDisturbance(recovery: 2 * MachineClock.second)
        case .clock: clock?.set(offset: Int64(random.below(600) - 300) * MachineClock.second)
        case .network: break
        }
    }

    /// Killed in the middle of it, at times. It starts again without limits.
    private func maybeKill() {
        guard random.below(3) == 0, torments.contains(.kill) else { return }
        checkThatItRuns()
        agent.kill()
        do {
            try agent.start()
        } catch {
            findings.fault("start", "\(error)")
        }
    }

    private func restLater() {
        if random.below(2) == 0 { stop.sleep(milliseconds: random.below(3000)) }
    }

    private func checkThatItRuns() {
        if let status = agent.unexpectedEnd {
            findings.fault("end", "the agent ended by itself with \(status): \(agent.logPath)")
        }
    }
}
