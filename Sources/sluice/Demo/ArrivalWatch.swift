// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Watches lines arrive at a backend, and how long each has taken.
///
/// The delay of a line is the time from its own timestamp, which the service took just before it wrote the line, to
/// the moment when an answer of the backend's query API first had it: reading, parsing, batching (up to 200 ms with
/// this pipeline), sending, storing, and being found. Both ends are the clock of this machine. The API is asked for
/// what is newer than the newest seen line as fast as it answers with a pause of 20 ms in between, so a delay is never
/// told too short, and too long by at most that pause and one question (some milliseconds). A line that arrives after
/// newer ones is counted, but its delay is not taken.
final class ArrivalWatch: Sendable {
    struct Reading: Sendable {
        var count = 0
        var recent: DelayStatistics.Summary?
    }

    let backend: any DemoBackend
    private let start: Int64
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var delays = DelayStatistics()
    }

    /// - Parameter start: nanoseconds since 1970; older lines are not looked for.
    init(_ backend: any DemoBackend, start: Int64) {
        self.backend = backend
        self.start = start
    }

    var reading: Reading {
        state.withLock { state in
            Reading(count: state.count, recent: state.delays.recent(now: .now))
        }
    }

    /// Of the whole time.
    var delays: DelayStatistics.Summary? { state.withLock { $0.delays.all } }

    /// Watches until the task is cancelled.
    func run() async throws {
        var next = start
        var nextCount = ContinuousClock.now
        while !Task.isCancelled {
            let lines = try await backend.page(from: next, limit: 5000)
            let now = SystemClock.now()
            if let last = lines.last {
                next = last.time + 1
                let delays = lines.map { max(0, now - $0.time) }
                state.withLock { $0.delays.add(delays, seen: .now) }
            }
            if ContinuousClock.now >= nextCount {
                let began = ContinuousClock.now
                let count = try await backend.count()
                state.withLock { $0.count = count }
                // Counting takes longer the more there is: it must not become what is measured.
                nextCount = ContinuousClock.now + max(.milliseconds(200), (ContinuousClock.now - began) * 10)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
