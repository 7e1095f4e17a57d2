// SPDX-License-Identifier: Apache-2.0

package import Synchronization

/// What one host of an output has done so far, and how it is.
package final class HostCounters: Sendable {
    /// Its address.
    package let name: String
    /// Requests that ended there, in whatever way.
    package let requests = Atomic<Int>(0)
    /// Those that it did not take: they were sent again.
    package let failures = Atomic<Int>(0)
    /// 0 while it is set aside because it fails.
    package let isHealthy = Atomic<Int>(1)
    /// Requests under way, and how many may be.
    package let inFlight = Atomic<Int>(0)
    package let limit = Atomic<Int>(0)

    package init(name: String) { self.name = name }
}
