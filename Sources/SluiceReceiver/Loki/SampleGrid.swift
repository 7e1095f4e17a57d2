// SPDX-License-Identifier: Apache-2.0

/// The instants that a metric query is evaluated at. Nanoseconds.
package struct SampleGrid: Equatable {
    /// The most that Loki evaluates for one query.
    package static let maximumCount = 11_000

    package let start: Int64
    package let step: Int64
    package let count: Int

    /// - Parameter end: is one of them if a step falls on it.
    package init(start: Int64, end: Int64, step: Int64) {
        self.start = start
        self.step = max(step, 1)
        count = end < start ? 0 : Int((end - start) / max(step, 1)) + 1
    }

    /// One instant.
    package init(at instant: Int64) { self.init(start: instant, end: instant, step: 1) }

    package func instant(_ index: Int) -> Int64 { start + Int64(index) * step }

    package var end: Int64 { instant(max(count - 1, 0)) }

    /// The indices of the instants whose window, the `range` up to and including them, has `time` in it.
    package func windows(of time: Int64, range: Int64) -> Range<Int> {
        // t >= time and t < time + range
        let first = max(0, Self.ceilingDivide(time - start, step))
        let end = min(Int64(count), Self.ceilingDivide(time + range - start, step))
        return first < end ? Int(first)..<Int(end) : 0..<0
    }

    private static func ceilingDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor > 0 ? quotient + 1 : quotient
    }
}
