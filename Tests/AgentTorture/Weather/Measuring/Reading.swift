// SPDX-License-Identifier: Apache-2.0

/// How many lines there were at a moment.
struct Reading: Sendable {
    /// On the monotonic clock, in nanoseconds.
    var time: Int64
    var written: Int
    /// By output, in the order of its cases.
    var arrived: [Int]
}
