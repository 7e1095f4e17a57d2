// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Synchronization
import TestSupport

/// A Logstash that keeps what it is sent, and is as bad as the weather says.
final class LumberjackServer: Sendable {
    private struct State {
        var connections = 0
        var account: LogstashAccount
    }

    private let gate: Gate
    private let plan: Plan
    private let findings: Findings
    private let weatherNumber = Atomic<Int>(0)
    private let random: Mutex<SplitMix64>
    private let stop: StopFlag
    private let state: Mutex<State>

    var port: Int { gate.port }

    var weather: Weather {
        get { Weather(rawValue: weatherNumber.load(ordering: .relaxed)) ?? .fair }
        set { weatherNumber.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// What has come so far.
    var account: LogstashAccount { state.withLock { $0.account } }
    /// How many different lines.
    var total: Int { state.withLock { $0.account.total } }

    init(plan: Plan, findings: Findings, stop: StopFlag) throws(Failure) {
        gate = try Gate()
        self.plan = plan
        self.findings = findings
        self.stop = stop
        random = Mutex(SplitMix64(seed: plan.seed ^ 0x6C6F_6773_7461_7368))
        state = Mutex(State(account: LogstashAccount(writers: plan.writers.count)))
        _ = try BackgroundThread { self.accept() }
    }

    private func accept() {
        while !stop.isSet {
            if weather == .closed {
                gate.close()
            } else if let connection = gate.accepted() {
                _ = try? BackgroundThread { self.serve(connection) }
            }
        }
    }

    private func serve(_ client: Socket) {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections
        }
        defer { state.withLock { $0.account.ended(connection: number) } }
        let lines = LineReader(plan)
        var reader = LumberjackReader(client)
        while !stop.isSet {
            if waitsWhileSwallowing() || weather == .closed { return client.resetsOnClose() }
            if !reader.hasBytes, !client.waits(milliseconds: 100) { continue }
            if weather == .resetsInBody { return client.resetsOnClose() }
            var events: [LogstashAccount.Line] = []
            do {
                let count = try reader.window { event in
                    if let line = lines.identify(event), line.writer < plan.writers.count {
                        events.append(.init(writer: UInt16(line.writer), number: UInt32(line.number)))
                    } else {
                        findings.fault("nobody's", "logstash, \(LineReader.excerpt(event))")
                    }
                }
                guard count != nil else { return }
            } catch {
                findings.fault("protocol", error.description)
                return client.resetsOnClose()
            }
            guard answer(events, client, number) else { return }
        }
    }

    /// - Returns: false if the connection is over.
    private func answer(_ events: [LogstashAccount.Line], _ client: Socket, _ connection: Int) -> Bool {
        var acknowledged = events.count
        switch weather {
        case .swallows:
            _ = waitsWhileSwallowing()
            client.resetsOnClose()
            return false
        case .closed, .resetsInBody:
            client.resetsOnClose()
            return false
        case .losesAnswers: acknowledged = 0
        case .cutsAnswers: acknowledged = random.withLock { $0.below(max(1, events.count)) }
        case .dawdles: MachineClock.sleep(milliseconds: 200 + random.withLock { $0.below(700) })
        default: break
        }
        // Before it is said, so that nothing is acknowledged that is not here.
        state.withLock { $0.account.take(events, acknowledged: acknowledged, connection: connection) }
        let word = Array("2A".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: acknowledged >> (24 - 8 * $0)) }
        if acknowledged == 0 {
            client.resetsOnClose()
            return false
        }
        return client.send(word[...]) && acknowledged == events.count
    }

    /// - Returns: whether there was anything to wait for.
    private func waitsWhileSwallowing() -> Bool {
        guard weather == .swallows else { return false }
        while weather == .swallows, !stop.isSet { MachineClock.sleep(milliseconds: 10) }
        return true
    }
}
