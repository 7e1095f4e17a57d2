// SPDX-License-Identifier: Apache-2.0

/// How many events of an output were beyond one limit of its destination, since the agent's start.
package struct LimitReport: Sendable, Equatable {
    package var name: String
    package var truncated = 0
    package var dropped = 0
    package var deadLetters = 0

    package init(name: String) { self.name = name }
}
