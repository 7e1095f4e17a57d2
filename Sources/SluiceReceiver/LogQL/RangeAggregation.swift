// SPDX-License-Identifier: Apache-2.0

/// `count_over_time({app="x"}[5m] offset 1h)`
struct RangeAggregation {
    enum Operation: String, CaseIterable {
        case countOverTime = "count_over_time"
        case rate
        case bytesOverTime = "bytes_over_time"
        case bytesRate = "bytes_rate"

        var countsBytes: Bool { self == .bytesOverTime || self == .bytesRate }
        var isRate: Bool { self == .rate || self == .bytesRate }
    }

    var operation: Operation
    var selector: LogSelector
    /// Nanoseconds.
    var range: Int64
    var offset: Int64
}
