// SPDX-License-Identifier: Apache-2.0

/// Ends a query that takes too long: asked for each row, it looks at the clock now and then.
struct QueryDeadline {
    struct Passed: Error {}

    /// Loki's `query_timeout`.
    static let nanoseconds: Int64 = 60_000_000_000

    private var rows = 0
    private let end = SystemClock.nanoseconds + Self.nanoseconds

    mutating func check() throws(Passed) {
        rows += 1
        if rows & 4095 == 0, SystemClock.nanoseconds > end { throw Passed() }
    }
}
