// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceEvents
import Synchronization

/// What becomes of the events of a request that was not taken as a whole.
extension Delivery {
    /// Sorts the events of a request by what became of them.
    ///
    /// - Returns: those that have to be sent again.
    func settle(
        _ request: OutputRequest,
        _ verdicts: [EventVerdict],
        _ batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [Int32] {
        var left: [Int32] = []
        var delivered = 0
        var duplicates = 0
        var redirected = 0
        for (event, verdict) in zip(request.events, verdicts) {
            switch verdict {
            case .delivered: delivered += 1
            case .duplicate: duplicates += 1
            case .redirected: redirected += 1
            case .retry, .held: left.append(event)
            case .refused(let status, let reason): letters.append(letter(Int(event), batch, status, reason))
            }
        }
        if left.count < request.events.count { counters.requests.add(1, ordering: .relaxed) }
        counters.settle(delivered: delivered, duplicates: duplicates, redirected: redirected)
        if redirected > 0 { sayRedirected(redirected) }
        return left
    }

    func halves(
        of request: OutputRequest,
        _ batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [OutputRequest] {
        let middle = request.events.count / 2
        return encode(Array(request.events[..<middle]), of: batch, &letters)
            + encode(Array(request.events[middle...]), of: batch, &letters)
    }

    /// Writes some events anew. Rare, so with an encoder of its own.
    func encode(
        _ events: [Int32],
        of batch: EventBatch,
        _ letters: inout [DeadLetter]
    ) -> [OutputRequest] {
        // Without compression nothing can fail: no event may be left out because zlib found no memory.
        let options = output.options
        let compressed = try? RequestBuilder(
            compressionLevel: options.compressionLevel,
            compression: options.compression
        )
        guard let builder = compressed ?? (try? RequestBuilder(compressionLevel: 0)) else { return [] }
        var mask = EventMask(count: batch.events.count, isSet: false)
        for event in events { mask[Int(event)] = true }
        output.makeEncoder().encode(batch, selected: mask, into: builder)
        settle(builder.takeLimited(), batch, &letters, isRepeat: true)
        return builder.takeRequests()
    }

    func letter(_ event: Int, _ batch: EventBatch, _ status: Int, _ reason: String) -> DeadLetter {
        let id = ByteArena(capacity: 64)
        batch.appendID(of: event, to: id)
        let place = batch.events[event]
        let source = batch.source(of: event)
        var letter = DeadLetter(
            output: counters.name,
            identifier: id.string,
            path: source.path,
            offset: place.fileStart,
            time: place.time,
            status: status,
            reason: String(reason.prefix(1000)),
            text: batch.arena.view(place.textStart, place.textEnd).array
        )
        letter.flags = place.flags.intersection(DeadLetter.keptFlags).rawValue
        letter.fields = "{" + source.arena.view(source.commonText).string + "}"
        return letter
    }

    /// Once: how many they are is counted.
    private func sayRedirected(_ events: Int) {
        guard counters.redirected.load(ordering: .relaxed) == events else { return }
        logger.warning(
            "output puts events into its failure store, and not where they were to go: look at them there",
            metadata: ["output": "\(counters.name)", "events": "\(events)"]
        )
    }

    func report(_ letters: [DeadLetter]) {
        guard let first = letters.first else { return }
        logger.error(
            "output refuses events: they are kept in state as dead letters",
            metadata: [
                "output": "\(counters.name)", "events": "\(letters.count)", "status": "\(first.status)",
                "reason": "\(first.reason)", "path": "\(first.path)", "offset": "\(first.offset)",
            ]
        )
    }
}
