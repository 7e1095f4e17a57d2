// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets the requests of one output go as `RequestSchedule` says, and wakes those that wait when it is their time.
final class RequestScheduler: Sendable {
    /// What came of a request, and what changed by it.
    struct Result: Sendable {
        var sequel: RequestSchedule.Sequel
        /// That its host was set aside by this, or works again.
        var change: Change?

        enum Change: Sendable { case isSetAside, worksAgain }
    }

    private struct State {
        var schedule: RequestSchedule
        var waiting: [UInt64: CheckedContinuation<RequestGrant?, Never>] = [:]
        var timer: Task<Void, Never>?
        var timerTime = Int64.max
        var limit: Int
        var isClosed = false
        var generator = SystemRandomNumberGenerator()
    }

    /// In the order of the schedule's hosts.
    let hosts: [HostCounters]
    private let state: Mutex<State>
    private let limitHasChanged: @Sendable (Int) -> Void
    private let tickets = Atomic<UInt64>(0)

    /// - Parameter limitHasChanged: is told how many requests may be under way in all; at once, and when that changes.
    init(_ schedule: RequestSchedule, hosts: [HostCounters], limitHasChanged: @escaping @Sendable (Int) -> Void) {
        self.hosts = hosts
        self.limitHasChanged = limitHasChanged
        let limit = schedule.hosts.limit
        state = Mutex(State(schedule: schedule, limit: limit))
        state.withLock { note($0.schedule) }
        limitHasChanged(limit)
    }

    /// For a request that is new, and for what comes of it.
    func ticket() -> UInt64 { tickets.add(1, ordering: .relaxed).newValue }

    /// Waits until a request may go. One at a time of each ticket.
    ///
    /// - Throws: only `CancellationError`.
    func grant(_ ticket: UInt64, batch: UInt64, bytes: Int, events: Int) async throws -> RequestGrant {
        let grant = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isClosed || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    state.schedule.add(ticket: ticket, batch: batch, bytes: bytes, events: events)
                    return false
                }
                if isOver { continuation.resume(returning: nil) } else { dispatch() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.schedule.remove(ticket: ticket)
                return state.waiting.removeValue(forKey: ticket)
            }
            continuation?.resume(returning: nil)
        }
        guard let grant else { throw CancellationError() }
        return grant
    }

    /// A request has ended.
    func finished(_ grant: RequestGrant, _ outcome: RequestOutcome) -> Result {
        if outcome != .abandoned { hosts[grant.host].requests.add(1, ordering: .relaxed) }
        if case .failed = outcome { hosts[grant.host].failures.add(1, ordering: .relaxed) }
        let (result, limit) = state.withLock { state in
            let worked = state.schedule.hosts.hosts[grant.host].works
            let now = SystemClock.monotonic()
            let sequel = state.schedule.finished(grant, outcome, now: now, using: &state.generator)
            let works = state.schedule.hosts.hosts[grant.host].works
            let change: Result.Change? = worked == works ? nil : works ? .worksAgain : .isSetAside
            let limit = state.schedule.hosts.limit
            defer { state.limit = limit }
            return (Result(sequel: sequel, change: change), limit == state.limit ? nil : limit)
        }
        if let limit { limitHasChanged(limit) }
        dispatch()
        return result
    }

    /// Nothing more comes of a request.
    func settled(_ ticket: UInt64) {
        if state.withLock({ $0.schedule.settled(ticket: ticket) }) { dispatch() }
    }

    /// Nothing more goes.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            state.timer?.cancel()
            state.timer = nil
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    private func dispatch() {
        let granted = state.withLock { state in
            let now = SystemClock.monotonic()
            var granted: [(CheckedContinuation<RequestGrant?, Never>, RequestGrant)] = []
            while let grant = state.schedule.next(now: now) {
                if let continuation = state.waiting.removeValue(forKey: grant.ticket) {
                    granted.append((continuation, grant))
                }
            }
            note(state.schedule)
            setTimer(&state, now: now)
            return granted
        }
        for (continuation, grant) in granted { continuation.resume(returning: grant) }
    }

    private func setTimer(_ state: inout State, now: Int64) {
        let time = state.isClosed ? .max : state.schedule.wakeTime(now: now) ?? .max
        guard time != state.timerTime else { return }
        state.timer?.cancel()
        state.timer = nil
        state.timerTime = time
        guard time < .max else { return }
        state.timer = Task { [weak self] in
            guard (try? await Task.sleep(for: .nanoseconds(time - now))) != nil, let self else { return }
            self.state.withLock { state in
                // Another may have been set meanwhile.
                if state.timerTime == time { state.timerTime = .max }
            }
            self.dispatch()
        }
    }

    /// Writes down how the hosts are, for metrics.
    private func note(_ schedule: RequestSchedule) {
        for (counters, host) in zip(hosts, schedule.hosts.hosts) {
            counters.isHealthy.store(host.isHealthy ? 1 : 0, ordering: .relaxed)
            counters.inFlight.store(host.inFlight, ordering: .relaxed)
            counters.limit.store(host.concurrency.limit, ordering: .relaxed)
        }
    }
}
