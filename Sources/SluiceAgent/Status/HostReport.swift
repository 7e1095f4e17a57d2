// SPDX-License-Identifier: Apache-2.0

/// How one host of an output stands. Numbers are of requests, since the agent's start.
package struct HostReport: Sendable, Equatable {
    /// Its address.
    package var name: String
    /// False while it is set aside because it fails.
    package var isHealthy = true
    package var requests = 0
    /// Those that it did not take: they were sent again.
    package var failures = 0
    /// Under way, and how many may be.
    package var inFlight = 0
    package var limit = 0

    package init(name: String) { self.name = name }

    init(_ counters: HostCounters) {
        name = counters.name
        isHealthy = counters.isHealthy.load(ordering: .relaxed) != 0
        requests = counters.requests.load(ordering: .relaxed)
        failures = counters.failures.load(ordering: .relaxed)
        inFlight = counters.inFlight.load(ordering: .relaxed)
        limit = counters.limit.load(ordering: .relaxed)
    }
}
