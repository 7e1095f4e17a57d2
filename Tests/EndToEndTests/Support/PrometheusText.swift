// SPDX-License-Identifier: Apache-2.0

/// Metrics in Prometheus' text format.
struct PrometheusText {
    /// By name and labels, as they stand in the text.
    let values: [String: Double]

    init(_ text: String) throws {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                throw HTTPClient.Failure(description: "not a metric: \(line)")
            }
            values[String(line[..<space])] = value
        }
        self.values = values
    }

    /// The sum of a metric over all series that have these labels.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        values.filter { series, _ in
            series.prefix { $0 != "{" } == name
                && labels.allSatisfy { series.contains("\($0.key)=\"\($0.value)\"") }
        }.values.reduce(0, +)
    }
}
