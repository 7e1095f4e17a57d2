// SPDX-License-Identifier: Apache-2.0

package import Synchronization

/// How many events were beyond one limit of an output's destination, by what was done with them.
package final class LimitCounter: Sendable {
    package let name: String
    package let truncated = Atomic<Int>(0)
    package let dropped = Atomic<Int>(0)
    package let deadLetters = Atomic<Int>(0)

    package init(name: String) { self.name = name }
}
