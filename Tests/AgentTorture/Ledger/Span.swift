// SPDX-License-Identifier: Apache-2.0

/// A stretch of time on the monotonic clock, in nanoseconds; without an end while it lasts.
struct Span: Sendable {
    var start: Int64
    var end: Int64?

    /// What of it lies in a window.
    func clipped(_ from: Int64, _ to: Int64) -> (from: Int64, to: Int64)? {
        let low = max(start, from)
        let high = min(end ?? .max, to)
        return low < high ? (low, high) : nil
    }
}
