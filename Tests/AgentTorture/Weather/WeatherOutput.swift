// SPDX-License-Identifier: Apache-2.0

/// The agent's outputs, under their names in the pipeline.
enum WeatherOutput: String, CaseIterable, Sendable {
    case loki, elasticsearch, logstash

    /// Where its lines can be looked up at the receiver.
    var destination: Destination? { Destination(rawValue: rawValue) }
}
