// SPDX-License-Identifier: Apache-2.0

/// Where bad weather is.
enum Target: Sendable, Equatable {
    case loki, logstash
    /// All hosts of Elasticsearch.
    case elasticsearch
    /// One of them.
    case host(Int)
    /// The agent itself, and so every output.
    case agent

    var label: String {
        switch self {
        case .loki: ", Loki"
        case .logstash: ", Logstash"
        case .elasticsearch: ", Elasticsearch"
        case .host: ", one host of three"
        case .agent: ""
        }
    }

    func includes(_ output: WeatherOutput) -> Bool {
        switch self {
        case .loki: output == .loki
        case .logstash: output == .logstash
        case .elasticsearch, .host: output == .elasticsearch
        case .agent: true
        }
    }
}
