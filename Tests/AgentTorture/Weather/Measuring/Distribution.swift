// SPDX-License-Identifier: Apache-2.0

/// Times in nanoseconds, in words.
struct Distribution {
    private let sorted: [Int64]

    init(_ values: [Int64]) { sorted = values.sorted() }

    var count: Int { sorted.count }
    var worst: Int64? { sorted.last }
    var median: Int64? { sorted.isEmpty ? nil : sorted[sorted.count / 2] }

    static func text(_ time: Int64?) -> String {
        guard let time else { return "-" }
        let hundredths = (time + 5 * MachineClock.millisecond) / (10 * MachineClock.millisecond)
        return "\(hundredths / 100).\(String(100 + hundredths % 100).dropFirst()) s"
    }
}
