// SPDX-License-Identifier: Apache-2.0

package import Synchronization

/// What one output has done so far.
package final class OutputCounters: Sendable {
    package let name: String
    package let delivered = Atomic<Int>(0)
    package let duplicates = Atomic<Int>(0)
    package let deadLetters = Atomic<Int>(0)
    /// Requests that were answered with a yes, at least in part.
    package let requests = Atomic<Int>(0)
    /// Requests that have to be sent again.
    package let retries = Atomic<Int>(0)
    /// Bytes of bodies, as they were sent and before compression.
    package let sentBytes = Atomic<Int>(0)
    package let plainBytes = Atomic<Int>(0)
    /// 1 while the output is failing.
    package let isFailing = Atomic<Int>(0)

    package init(name: String) { self.name = name }
}
