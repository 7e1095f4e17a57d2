// SPDX-License-Identifier: Apache-2.0

/// How large the next window is while it is found out what a server can take: small at first, half as large again after
/// each yes, and half as large after a failure.
///
/// Source: `slow_start` in "Configure the Logstash output" of Filebeat's reference, and its behaviour.
package struct SlowStart: Sendable {
    /// Events in the next window.
    package private(set) var size: Int
    private let maximum: Int

    package init(maximum: Int) {
        self.maximum = max(1, maximum)
        size = min(10, self.maximum)
    }

    /// A window of this many events was acknowledged. A smaller one than allowed says nothing about larger ones.
    package mutating func succeeded(events: Int) {
        if events >= size { size = min(maximum, size + (size + 1) / 2) }
    }

    package mutating func failed() { size = max(1, size / 2) }
}
