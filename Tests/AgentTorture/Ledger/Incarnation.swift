// SPDX-License-Identifier: Apache-2.0

/// One life of the agent, on the monotonic clock, in nanoseconds.
struct Incarnation: Sendable {
    var started: Int64
    /// When its log said that the pipeline runs; nil if that was never seen.
    var ready: Int64?
    /// When it was killed or told to end.
    var ended: Int64?
}
