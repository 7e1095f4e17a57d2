// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceEvents
import Synchronization

/// What becomes of events that an encoder did not send as they are.
extension Delivery {
    /// Counts them by limit, says the first of each kind, and adds a letter for each that is to be kept.
    ///
    /// - Parameter isRepeat: they were written before, so that what was cut is cut, and counted, already.
    func settle(
        _ limited: [LimitedEvent],
        _ batch: EventBatch,
        _ letters: inout [DeadLetter],
        isRepeat: Bool = false
    ) {
        for event in limited where event.limit < counters.limits.count {
            let limit = counters.limits[event.limit]
            switch event.action {
            case .truncate:
                if isRepeat { continue }
                if limit.truncated.add(1, ordering: .relaxed).oldValue == 0 {
                    say("output cuts events that its destination would refuse", limit, event, batch)
                }
            case .drop:
                if counters.drop(limit) {
                    say("output drops events that its destination would refuse", limit, event, batch)
                }
            case .deadLetter:
                limit.deadLetters.add(1, ordering: .relaxed)
                letters.append(letter(Int(event.event), batch, 0, event.reason))
            }
        }
    }

    /// Once for each limit: how many they are is counted.
    private func say(_ message: Logger.Message, _ limit: LimitCounter, _ event: LimitedEvent, _ batch: EventBatch) {
        logger.warning(
            message,
            metadata: [
                "output": "\(counters.name)", "limit": "\(limit.name)",
                "path": "\(batch.source(of: Int(event.event)).path)",
                "offset": "\(batch.events[Int(event.event)].fileStart)",
            ]
        )
    }
}
