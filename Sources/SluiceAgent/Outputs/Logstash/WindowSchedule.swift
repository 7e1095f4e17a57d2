// SPDX-License-Identifier: Apache-2.0

/// Which window goes over which connection, to which host, and when. Decides, and does no input or output; times are
/// nanoseconds of any clock that is not set.
///
/// With one connection batches keep their order. A connection that failed goes to its next host; while others work it
/// is left alone for as long as the backoff says, and what waits goes over them.
package struct WindowSchedule: Sendable {
    package struct Assignment: Equatable, Sendable {
        package var window: UInt64
        package var connection: Int
        /// The place in the list of hosts.
        package var host: Int
        /// The connection has lived long enough: another is made first.
        package var isAnew: Bool

        package init(window: UInt64, connection: Int, host: Int, isAnew: Bool = false) {
            self.window = window
            self.connection = connection
            self.host = host
            self.isAnew = isAnew
        }
    }

    private struct Connection {
        var hosts: [Int]
        var place = 0
        /// Windows under way.
        var windows = 0
        var failures = 0
        var restsUntil = Int64.min
        var expires = Int64.max
        var host: Int { hosts.isEmpty ? 0 : hosts[place % hosts.count] }
    }

    private struct Window {
        var number: UInt64
        var batch: UInt64
        var endsBatch: Bool
    }

    private var connections: [Connection]
    private let pipelining: Int
    private let lifetime: Int64
    private let backoffInitial: Int64
    private let backoffMaximum: Int64
    /// Nil if several connections take batches at once.
    private var order: BatchOrder?
    private var waiting: [Window] = []
    private var underWay: [UInt64: (connection: Int, batch: UInt64)] = [:]

    package init(_ output: LogstashOutput) {
        let all = Array(output.hosts.indices)
        connections = (0..<output.connectionCount).map { number in
            Connection(hosts: output.balances ? [number % max(1, all.count)] : all)
        }
        pipelining = output.pipelining
        lifetime = output.lifetime
        backoffInitial = output.options.backoffInitial
        backoffMaximum = output.options.backoffMaximum
        order = output.connectionCount == 1 ? BatchOrder() : nil
    }

    /// A window is to be sent.
    ///
    /// - Parameter endsBatch: when it is on its way, the next batch may follow.
    package mutating func add(_ window: UInt64, batch: UInt64, endsBatch: Bool) {
        let place = waiting.firstIndex { $0.batch > batch } ?? waiting.endIndex
        waiting.insert(Window(number: window, batch: batch, endsBatch: endsBatch), at: place)
    }

    /// The next window that can go now. It counts as under way.
    package mutating func next(now: Int64) -> Assignment? {
        guard let first = waiting.first, order?.mayGo(first.batch) ?? true,
            let number = freeConnection(now: now)
        else { return nil }
        waiting.removeFirst()
        if first.endsBatch { order?.go(first.batch) }
        let isAnew = connections[number].expires <= now
        if isAnew { connections[number].expires = .max }
        connections[number].windows += 1
        underWay[first.number] = (number, first.batch)
        return Assignment(
            window: first.number,
            connection: number,
            host: connections[number].host,
            isAnew: isAnew
        )
    }

    /// A connection has been made.
    package mutating func connected(_ connection: Int, now: Int64) {
        if lifetime > 0 { connections[connection].expires = Self.later(now, lifetime) }
    }

    /// A window has been acknowledged to its end.
    package mutating func acknowledged(_ window: UInt64) {
        guard let place = underWay.removeValue(forKey: window) else { return }
        connections[place.connection].windows -= 1
        connections[place.connection].failures = 0
    }

    /// A connection has ended, or could not be made. What was under way on it did not arrive.
    ///
    /// - Parameter isFailure: false if a server ended what nobody used.
    package mutating func ended(_ connection: Int, isFailure: Bool, now: Int64) {
        for (window, place) in underWay where place.connection == connection {
            underWay[window] = nil
            order?.takeBack(place.batch)
        }
        connections[connection].windows = 0
        connections[connection].expires = .max
        guard isFailure else { return }
        let failures = min(connections[connection].failures, 62)
        let pause =
            backoffInitial > backoffMaximum >> Int64(failures) ? backoffMaximum : backoffInitial << Int64(failures)
        connections[connection].failures += 1
        connections[connection].restsUntil = Self.later(now, pause)
        connections[connection].place += 1
    }

    /// A window that waits is not to be sent any more.
    package mutating func remove(_ window: UInt64) { waiting.removeAll { $0.number == window } }

    /// Nothing more comes of a batch.
    package mutating func settled(_ batch: UInt64) { order?.go(batch) }

    /// The connection with the least to do; of those that failed, where all have, the one that has waited longest.
    private func freeConnection(now: Int64) -> Int? {
        var best: Int?
        var works = false
        for (number, connection) in connections.enumerated() {
            guard connection.failures == 0 || connection.restsUntil <= now else { continue }
            works = works || connection.failures == 0
            let isDraining = connection.expires <= now && connection.windows > 0
            // Where nothing has been heard since a failure, one window asks.
            let room = connection.failures == 0 ? pipelining : 1
            guard connection.windows < room, !isDraining else { continue }
            if let other = best, connections[other].windows <= connection.windows { continue }
            best = number
        }
        if best != nil || works { return best }
        return connections.indices.filter { connections[$0].windows == 0 }
            .min { connections[$0].restsUntil < connections[$1].restsUntil }
    }

    private static func later(_ time: Int64, _ duration: Int64) -> Int64 {
        time > .max - duration ? .max : time + duration
    }
}
