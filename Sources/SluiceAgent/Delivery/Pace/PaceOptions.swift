// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// How fast an output may send, how much at once, and to which of its hosts. Under Filebeat's names, where it has some.
package struct PaceOptions: Sendable, Equatable {
    /// Requests under way at once, at each host; nil: as many as it turns out to take.
    package var workers: Int?
    /// How many these may become, at each host.
    package var maximumConcurrency = 16
    /// All hosts get events, not just one after the other fails.
    package var balances = true
    /// Bytes a second, before compression; nil: any number. Likewise events.
    package var bytesPerSecond: Int?
    package var eventsPerSecond: Int?
    /// Nanoseconds after which a connection that nobody uses is closed.
    package var idleConnectionTimeout: Int64 = 60_000_000_000
    /// No request begins while one of an earlier batch has to be sent again.
    package var keepsOrder = false
    /// What takes the requests chooses among the hosts, and leaves those alone that fail.
    package var isLeftToTransport = false
    /// Requests of one batch go one after the other.
    var keepsRequestsOfBatchInOrder: Bool { keepsOrder || isLeftToTransport }
    /// Options that the preset has overridden, in words, for the log.
    package var overridden: [String] = []

    /// Of all hosts together, if nothing else is said.
    private static let defaultConcurrency = 16

    /// Reads what every output has: `rate_limit.bytes` and `rate_limit.events`.
    package init(_ section: ConfigurationSection) {
        bytesPerSecond = section.optionalBytes("rate_limit.bytes", in: 1...(1 << 40))
        eventsPerSecond = section.optionalInteger("rate_limit.events", in: 1...1_000_000_000)
    }

    /// Reads what an HTTP output has: `workers` or `worker`, `concurrency.max`, `loadbalance`, `idle_connection_timeout`
    /// and, as Filebeat does, without heed `max_retries`.
    ///
    /// - Parameter hosts: how many it has.
    mutating func readHosts(_ section: ConfigurationSection, hosts: Int) {
        workers = Self.workers(section)
        let share = max(2, Self.defaultConcurrency / max(1, hosts))
        let maximum = section.optionalInteger("concurrency.max", in: 1...64)
        maximumConcurrency = maximum ?? share
        if workers != nil, maximum != nil, let node = section.node("concurrency") {
            section.report(
                node,
                "'workers' is a fixed number, and 'concurrency.max' the limit of one that adapts: keep one of them"
            )
        }
        balances = section.boolean("loadbalance", default: true)
        idleConnectionTimeout = section.duration("idle_connection_timeout", default: idleConnectionTimeout)
        Self.acceptRetries(section)
    }

    /// `workers` or `worker`; nil if neither is there.
    static func workers(_ section: ConfigurationSection) -> Int? {
        let workers = section.optionalInteger("workers", in: 1...64)
        let worker = section.optionalInteger("worker", in: 1...64)
        if workers != nil, worker != nil, let node = section.node("worker") {
            section.report(node, "'worker' and 'workers' are the same: keep one of them")
        }
        return workers ?? worker
    }

    /// `max_retries`: Filebeat takes it and tries for ever all the same, as is done here.
    static func acceptRetries(_ section: ConfigurationSection) { _ = section.integer("max_retries", default: 3) }
}
