// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes the weather that the forecast promises, and writes down what was when. Belongs to its thread, but for what it
/// has written down.
final class WeatherStation: @unchecked Sendable {
    private struct Book {
        var spells: [Spell] = []
        /// When the agent was killed.
        var kills: [Int64] = []
        var isOver = false
    }

    /// Milliseconds.
    private static let calmAfterRestart = 3000

    private let forecast: Forecast
    private let doors: Doors
    private let agent: AgentProcess
    private let disk: SmallDisk?
    private let findings: Findings
    private let stop: StopFlag
    private let book = Mutex(Book())
    private var active: [(front: Front, start: Int64)] = []
    private var certificate = 0

    init(_ forecast: Forecast, doors: Doors, agent: AgentProcess, disk: SmallDisk?, findings: Findings, stop: StopFlag)
    {
        self.forecast = forecast
        self.doors = doors
        self.agent = agent
        self.disk = disk
        self.findings = findings
        self.stop = stop
    }

    var spells: [Spell] { book.withLock { $0.spells } }
    var kills: [Int64] { book.withLock { $0.kills } }
    /// Whether all of it is over, and the calm behind it.
    var isOver: Bool { book.withLock { $0.isOver } }

    func run() {
        for number in 0...forecast.episodes.count where !stop.isSet {
            if number == forecast.restart {
                bring(Episode(fronts: [Front(kind: .restart, target: .agent)], calm: Self.calmAfterRestart))
            }
            if number < forecast.episodes.count { bring(forecast.episodes[number]) }
        }
        book.withLock { $0.isOver = true }
    }

    private func bring(_ episode: Episode) {
        let comings = episode.fronts.map { (time: $0.start, front: $0, isEnd: false) }
        let goings = episode.fronts.map { (time: $0.end, front: $0, isEnd: true) }
        let start = MachineClock.monotonic()
        for change in (comings + goings).sorted(by: { ($0.time, $0.isEnd ? 1 : 0) < ($1.time, $1.isEnd ? 1 : 0) }) {
            let passed = Int((MachineClock.monotonic() - start) / MachineClock.millisecond)
            stop.sleep(milliseconds: change.time - passed)
            if change.isEnd { end(change.front) } else { begin(change.front) }
        }
        stop.sleep(milliseconds: episode.calm)
    }

    private func begin(_ front: Front) {
        checkThatItRuns()
        active.append((front, MachineClock.monotonic()))
        doors.apply(active.map(\.front))
        switch front.kind {
        case .certificate:
            certificate += 1
            showGoodCertificate()
        case .expired:
            if let expired = doors.certificates?.expired { doors.loki.secure(with: expired) }
        case .diskFull:
            disk?.fill()
            // What the state's files have already they may write again: they would not notice for a while.
            agent.limit("fsize", to: TextFile.read(agent.logPath).utf8.count + (32 << 10))
        case .kill:
            agent.kill()
            let now = MachineClock.monotonic()
            book.withLock { $0.kills.append(now) }
        case .restart:
            let status = agent.terminate(milliseconds: 30_000)
            if status != 0 {
                let text = status.map { "with \($0)" } ?? "not"
                findings.fault("status", "in fair weather the agent ended \(text) on SIGTERM: \(agent.logPath)")
            }
        case .stop: agent.send(signal: SIGSTOP)
        default: break
        }
    }

    private func end(_ front: Front) {
        switch front.kind {
        case .expired: showGoodCertificate()
        case .diskFull:
            agent.limit("fsize", to: nil)
            disk?.free()
        case .kill, .restart:
            do {
                try agent.start()
            } catch {
                findings.fault("start", "\(error)")
            }
        case .stop: agent.send(signal: SIGCONT)
        default: break
        }
        guard let place = active.firstIndex(where: { $0.front == front }) else { return }
        let start = active.remove(at: place).start
        doors.apply(active.map(\.front))
        let now = MachineClock.monotonic()
        book.withLock { $0.spells.append(Spell(front: front, start: start, end: now)) }
    }

    private func showGoodCertificate() {
        guard let good = doors.certificates?.good else { return }
        doors.loki.secure(with: good[certificate % good.count])
    }

    private func checkThatItRuns() {
        if let status = agent.unexpectedEnd {
            findings.fault("end", "the agent ended by itself with \(status): \(agent.logPath)")
        }
    }
}
