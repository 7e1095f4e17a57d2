// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Sets an output's destination up before its first request, as often as it takes. Meanwhile its events wait where they
/// are, and other outputs go on.
struct OutputSetup: Sendable {
    let output: any Output
    let transport: any Transport
    let counters: OutputCounters
    let logger: Logger

    /// While a destination is down it is tried this often, in nanoseconds, however long its backoff.
    private static let probeInterval: Int64 = 1_000_000_000
    /// How often it is looked whether there is still something to do it for.
    private static let lookInterval: Int64 = 100_000_000

    /// - Parameter isNeeded: whether there are events to send, or may be.
    /// - Returns: false if it is time to end.
    func run(isNeeded: @Sendable () -> Bool) async -> Bool {
        guard output.isSetUpFirst else { return true }
        let road = DestinationRoad(transport: transport, logger: logger)
        let destinations = output.destinations
        var backoff = Backoff(initial: output.options.backoffInitial, maximum: output.options.backoffMaximum)
        var said: Finding.Verdict?
        var tries = 0
        while !Task.isCancelled, isNeeded(), !destinations.isEmpty {
            let destination = destinations[tries % destinations.count]
            guard let finding = try? await output.setUp(destination, over: road) else { return false }
            if finding.verdict == .fine {
                succeed(finding, after: said)
                return true
            }
            tries += 1
            counters.retries.add(1, ordering: .relaxed)
            counters.fails("\(destination) cannot be set up: \(finding.words)")
            counters.isFailing.store(1, ordering: .relaxed)
            if said != finding.verdict {
                said = finding.verdict
                say(finding, destination)
            }
            var generator = SystemRandomNumberGenerator()
            var pause = backoff.next(using: &generator)
            if finding.verdict == .unavailable { pause = min(pause, Self.probeInterval) }
            while pause > 0, isNeeded() {
                let part = min(pause, Self.lookInterval)
                pause -= part
                do { try await Task.sleep(for: .nanoseconds(part)) } catch { return false }
            }
        }
        return false
    }

    private func say(_ finding: Finding, _ destination: String) {
        let metadata: Logger.Metadata = [
            "output": "\(counters.name)", "address": "\(destination)", "reason": "\(finding.words)",
        ]
        if finding.verdict == .misconfigured {
            logger.error(
                "output holds: its destination cannot be set up without a person; trying again until then",
                metadata: metadata
            )
        } else {
            logger.warning("the destination of an output cannot be set up yet: trying again", metadata: metadata)
        }
    }

    private func succeed(_ finding: Finding, after said: Finding.Verdict?) {
        if said != nil {
            counters.isFailing.store(0, ordering: .relaxed)
            counters.works()
        }
        logger.info(
            "the destination of an output is set up",
            metadata: ["output": "\(counters.name)", "result": "\(finding.words)"]
        )
    }
}
