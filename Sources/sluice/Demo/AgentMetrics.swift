// SPDX-License-Identifier: Apache-2.0

/// The agent's counters, read from its `/metrics`.
struct AgentMetrics {
    private struct Sample {
        var name: Substring
        var labels: Substring
        var value: Int
    }

    private let samples: [Sample]

    /// - Parameter text: in Prometheus' text format.
    init(_ text: String) {
        samples = text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "), let brace = line.firstIndex(of: "{"),
                let value = Int(line[line.index(after: space)...])
            else { return nil }
            return Sample(name: line[..<brace], labels: line[brace..<space], value: value)
        }
    }

    /// The sum of a metric over those of its samples that have all these labels, such as `input="service"`.
    func sum(_ name: String, _ labels: String...) -> Int {
        samples.filter { sample in sample.name == name && labels.allSatisfy { sample.labels.contains($0) } }
            .reduce(0) { $0 + $1.value }
    }

    /// Events that an output has said yes to, or put aside for good.
    func settled(_ output: String) -> Int { sum("sluice_output_events_total", "output=\"\(output)\"") }

    /// Events that each output is to have.
    var toDeliver: Int { sum("sluice_input_events_total") - sum("sluice_input_dropped_events_total") }
}
