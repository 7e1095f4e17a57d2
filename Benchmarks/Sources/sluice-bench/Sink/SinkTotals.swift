// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What has arrived so far.
final class SinkTotals: Sendable {
    /// Of one protocol.
    private struct Arrived {
        var requests = 0
        var bodyBytes = 0
        var textBytes = 0
        var events = 0
        var sequences = SequenceSet()
        var first: Double?
        var last = 0.0
    }

    private struct State {
        var byKind: [EventKind: Arrived] = [:]
        var otherRequests = 0
        var refused = 0
        var isComplete = false
    }

    private let expected: Int?
    private let awaited: [EventKind]
    private let state = Mutex(State())
    private let start = ProcessClock.wall()

    /// - Parameters:
    ///   - expected: the sequence numbers run from 0 to one below this; nil if nobody knows.
    ///   - awaited: `complete` is said when all numbers have arrived by each of these.
    init(expected: Int?, awaited: [EventKind]) {
        self.expected = expected
        self.awaited = awaited
    }

    /// A request without events.
    func addOther() { state.withLock { $0.otherRequests += 1 } }

    /// A request whose body could not be read.
    func addRefused() { state.withLock { $0.refused += 1 } }

    /// - Parameters:
    ///   - bodyBytes: as they came over the wire.
    ///   - textBytes: decompressed.
    func add(_ kind: EventKind, bodyBytes: Int, textBytes: Int, events: Int, sequences: [Int]) {
        let now = ProcessClock.wall() - start
        let isNewlyComplete = state.withLock { state in
            var arrived = state.byKind.removeValue(forKey: kind) ?? Arrived()
            arrived.requests += 1
            arrived.bodyBytes += bodyBytes
            arrived.textBytes += textBytes
            arrived.events += events
            for number in sequences { arrived.sequences.insert(number) }
            arrived.first = arrived.first ?? now
            arrived.last = now
            state.byKind[kind] = arrived
            guard let expected, !state.isComplete, !awaited.isEmpty else { return false }
            for kind in awaited where (state.byKind[kind]?.sequences.count ?? 0) < expected { return false }
            state.isComplete = true
            return true
        }
        if isNewlyComplete { Output.line("complete") }
    }

    /// Everything as JSON on one line.
    func summary() -> String {
        state.withLock { state in
            let kinds = EventKind.allCases.compactMap { kind -> String? in
                guard let arrived = state.byKind[kind] else { return nil }
                let missing = arrived.sequences.missing(of: expected ?? arrived.sequences.end)
                let fields: [(String, String)] = [
                    ("requests", "\(arrived.requests)"),
                    ("body_bytes", "\(arrived.bodyBytes)"),
                    ("text_bytes", "\(arrived.textBytes)"),
                    ("events", "\(arrived.events)"),
                    ("distinct", "\(arrived.sequences.count)"),
                    ("missing", "\(missing.count)"),
                    ("first_missing", "\(missing.first)"),
                    ("repeats", "\(arrived.sequences.repeats)"),
                    ("seconds", "\(arrived.last - (arrived.first ?? arrived.last))"),
                ]
                return "\"\(kind.rawValue)\":{\(fields.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
            }
            return "{\(kinds.map { $0 + "," }.joined())\"other_requests\":\(state.otherRequests),"
                + "\"refused\":\(state.refused)}"
        }
    }
}
