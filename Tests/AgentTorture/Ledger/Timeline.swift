// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// When the agent could look, and when it could deliver: by this the checker tells what no agent could have reached.
final class Timeline: Sendable {
    private struct State {
        var incarnations: [Incarnation] = []
        /// The agent was stopped, or could open nothing.
        var blind: [Span] = []
        /// Something else stood in its way: a destination, its disk, or what it had read already and not got rid of.
        var disturbed: [Span] = []
        var isBlind = 0
        var isDisturbed = 0
    }

    /// An agent that ran undisturbed this long, in nanoseconds, has met a file and read it: twice the interval at which
    /// it looks for files, once for the file and once for the turn that reads it.
    static let readingTime = 2 * scanInterval
    /// Beside that, a batch has to fill, be sent and answered, on a machine that does other things as well.
    static let deliveryTime = readingTime + 3 * MachineClock.second
    /// The interval at which the agent looks for files, in nanoseconds.
    static let scanInterval = 500 * MachineClock.millisecond

    private let state = Mutex(State())

    // MARK: What happens

    func started() {
        let now = MachineClock.monotonic()
        state.withLock { $0.incarnations.append(Incarnation(started: now)) }
    }

    func isReady() {
        let now = MachineClock.monotonic()
        state.withLock { state in
            guard let last = state.incarnations.indices.last, state.incarnations[last].ready == nil else { return }
            state.incarnations[last].ready = now
        }
    }

    func ended() {
        let now = MachineClock.monotonic()
        state.withLock { state in
            guard let last = state.incarnations.indices.last, state.incarnations[last].ended == nil else { return }
            state.incarnations[last].ended = now
        }
    }

    /// Whether the last life of the agent is known to have come as far as to run its pipeline.
    var lastWasReady: Bool { state.withLock { $0.incarnations.last?.ready != nil } }

    func beginBlindness() {
        let now = MachineClock.monotonic()
        state.withLock { state in
            state.isBlind += 1
            if state.isBlind == 1 { state.blind.append(Span(start: now)) }
        }
    }

    func endBlindness() {
        let now = MachineClock.monotonic()
        state.withLock { state in
            state.isBlind -= 1
            if state.isBlind == 0, let last = state.blind.indices.last { state.blind[last].end = now }
        }
    }

    func beginDisturbance() {
        let now = MachineClock.monotonic()
        state.withLock { state in
            state.isDisturbed += 1
            if state.isDisturbed == 1 { state.disturbed.append(Span(start: now)) }
        }
    }

    /// - Parameter recovery: nanoseconds until what waited has been tried again.
    func endDisturbance(recovery: Int64 = MachineClock.second) {
        let now = MachineClock.monotonic()
        state.withLock { state in
            state.isDisturbed -= 1
            if state.isDisturbed == 0, let last = state.disturbed.indices.last {
                state.disturbed[last].end = now + recovery
            }
        }
    }

    /// A disturbance that is over.
    func noteDisturbance(from: Int64, to: Int64) {
        // Before one that lasts, so that this stays the last.
        state.withLock { state in
            let place = state.isDisturbed > 0 ? max(0, state.disturbed.count - 1) : state.disturbed.count
            state.disturbed.insert(Span(start: from, end: to), at: place)
        }
    }

    /// A time that was too short for the machine.
    func noteBlindness(from: Int64) {
        let now = MachineClock.monotonic()
        state.withLock { state in
            let place = state.isBlind > 0 ? max(0, state.blind.count - 1) : state.blind.count
            state.blind.insert(Span(start: from, end: now), at: place)
        }
    }

    // MARK: What could be reached

    enum Reach {
        /// It had to be delivered.
        case reachable
        /// There was no agent that could look while it was there, or none that kept it open lived on.
        case away
        /// There was one, but for less than the time that it needs.
        case tooShort
    }

    /// Whether bytes that were there for a while had to be delivered.
    ///
    /// - Parameters:
    ///   - written: when they were complete.
    ///   - destroyed: when they were gone.
    ///   - staysOpen: whether a descriptor that is held keeps them, as after a deletion.
    func reach(written: Int64, destroyed: Int64, staysOpen: Bool) -> Reach {
        state.withLock { state in
            var best: Int64 = 0
            for life in state.incarnations {
                guard let ready = life.ready else { continue }
                let end = life.ended ?? .max
                let looking = Span(start: max(ready, written), end: min(end, destroyed))
                guard looking.start < looking.end ?? .max else { continue }
                let open = time(in: looking, without: staysOpen ? [state.blind] : [state.blind, state.disturbed])
                best = max(best, open)
                if open < Self.readingTime { continue }
                if life.ended == nil { return .reachable }
                let living = Span(start: max(ready, written), end: end)
                if time(in: living, without: [state.blind, state.disturbed]) >= Self.deliveryTime { return .reachable }
            }
            return best == 0 ? .away : .tooShort
        }
    }

    /// How much of a span no other one covers.
    private func time(in span: Span, without others: [[Span]]) -> Int64 {
        let end = span.end ?? .max
        let cuts = others.joined().compactMap { $0.clipped(span.start, end) }.sorted { $0.from < $1.from }
        var position = span.start
        var total: Int64 = 0
        for cut in cuts {
            if cut.from > position { total += cut.from - position }
            position = max(position, cut.to)
        }
        return total + max(0, end - position)
    }
}
