// SPDX-License-Identifier: Apache-2.0

/// `count_over_time({app="x"}[5m] offset 1h)`
package struct RangeAggregation {
    package enum Operation: String, CaseIterable {
        case countOverTime = "count_over_time"
        case rate
        case bytesOverTime = "bytes_over_time"
        case bytesRate = "bytes_rate"

        package var countsBytes: Bool { self == .bytesOverTime || self == .bytesRate }
        package var isRate: Bool { self == .rate || self == .bytesRate }
    }

    package var operation: Operation
    package var selector: LogSelector
    /// Nanoseconds.
    package var range: Int64
    package var offset: Int64
}
