// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import Synchronization

/// Which lines of an engine are left out because there are too many of their kind.
final class LineFilter: Sendable {
    /// What stands for the repeats of one line.
    struct Summary {
        var entry: LoggerEntry
        var level: Logger.Level
        var message: [UInt8]
        var count: Int
    }

    private struct Sample {
        var hash: UInt64 = 0
        var end = Int64.min
        var count = 0
    }

    private struct Repeat {
        var hash: UInt64 = 0
        var end = Int64.min
        var summary: Summary?
    }

    private struct State {
        var samples: [Sample]
        var repeats: [Repeat]
        /// When repeats that are over are looked for.
        var nextSweep = Int64.min
        var sampledOut = 0
        var suppressed = 0
    }

    private let sampling: LogSampling?
    private let sampleInterval: Int64
    private let exemptRank: UInt8
    private let repeatInterval: Int64?
    private let state: Mutex<State>

    /// Nil if nothing is to be left out.
    init?(sampling: LogSampling?, repeats: LogRepeats?) {
        guard sampling != nil || repeats != nil else { return nil }
        self.sampling = sampling
        sampleInterval = Self.nanoseconds(sampling?.interval ?? .zero)
        exemptRank = sampling?.exemptLevel.map(LevelRank.of) ?? LevelRank.off
        repeatInterval = repeats.map { Self.nanoseconds($0.interval) }
        state = Mutex(
            State(
                samples: Array(repeating: Sample(), count: sampling == nil ? 0 : 4096),
                repeats: Array(repeating: Repeat(), count: repeats == nil ? 0 : 256)
            )
        )
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, fraction) = duration.components
        // A century is for ever.
        return min(max(0, seconds), 3_000_000_000) * 1_000_000_000 + max(0, fraction / 1_000_000_000)
    }

    var sampledOut: Int { state.withLock { $0.sampledOut } }
    var suppressed: Int { state.withLock { $0.suppressed } }

    /// Whether a line is to be written, and what is to be said before it.
    func admit(_ record: borrowing LogRecord, rank: UInt8, buffer: LineBuffer) -> (isAdmitted: Bool, said: [Summary]) {
        let key = XXHash64.hash(record.messageBytes, seed: UInt64(rank))
        let now = record.time
        let message = record.messageBytes
        let level = record.level
        let entry = record.entry
        let whole = repeatInterval == nil ? 0 : buffer.hashFields(seed: key ^ entry.hash)
        return state.withLock { state in
            var said: [Summary] = []
            if let repeatInterval {
                if now >= state.nextSweep {
                    state.nextSweep = now &+ 1_000_000_000
                    said = Self.takeOver(&state, now)
                }
                let slot = Int(whole & 255)
                if state.repeats[slot].hash == whole, now < state.repeats[slot].end {
                    state.suppressed += 1
                    if state.repeats[slot].summary == nil {
                        state.repeats[slot].summary = Summary(
                            entry: entry,
                            level: level,
                            message: message.array,
                            count: 0
                        )
                    }
                    state.repeats[slot].summary?.count += 1
                    return (false, said)
                }
                if let summary = state.repeats[slot].summary { said.append(summary) }
                state.repeats[slot] = Repeat(hash: whole, end: now.addingClamped(repeatInterval))
            }
            let isAdmitted = self.isSampled(key, rank, now, &state)
            if !isAdmitted { state.sampledOut += 1 }
            return (isAdmitted, said)
        }
    }

    private func isSampled(_ key: UInt64, _ rank: UInt8, _ now: Int64, _ state: inout State) -> Bool {
        guard let sampling, rank < exemptRank else { return true }
        let slot = Int(key & 4095)
        if now >= state.samples[slot].end || state.samples[slot].end > now.addingClamped(sampleInterval) {
            state.samples[slot] = Sample(hash: key, end: now.addingClamped(sampleInterval))
        }
        state.samples[slot].count += 1
        let beyond = state.samples[slot].count - sampling.first
        return beyond <= 0 || sampling.thereafter > 0 && beyond % sampling.thereafter == 0
    }

    /// Summaries of all repeats whose time is over.
    private static func takeOver(_ state: inout State, _ now: Int64) -> [Summary] {
        var said: [Summary] = []
        for slot in state.repeats.indices where state.repeats[slot].end <= now {
            guard let summary = state.repeats[slot].summary else { continue }
            said.append(summary)
            state.repeats[slot].summary = nil
        }
        return said
    }

    /// Summaries of all repeats there are; their lines may be repeated anew.
    func drain() -> [Summary] { state.withLock { Self.takeOver(&$0, .max) } }
}

extension Int64 {
    /// The sum, or the nearest there is.
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
