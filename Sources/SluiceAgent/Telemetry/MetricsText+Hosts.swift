// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension MetricsText {
    /// A metric with all its series.
    struct Metric {
        var name: String
        var help: String
        var type: String
        var values: [(labels: String, value: Int)]
    }

    /// What is known of each host of each output.
    static func hostMetrics(_ pipelines: [Pipeline]) -> [Metric] {
        func metric(_ name: String, _ help: String, _ type: String, _ value: (HostCounters) -> Int) -> Metric {
            var values: [(labels: String, value: Int)] = []
            for pipeline in pipelines {
                for output in pipeline.outputCounters {
                    for host in output.hosts where !host.name.isEmpty {
                        let labels =
                            "pipeline=\"\(escape(pipeline.configuration.name))\",output=\"\(escape(output.name))\","
                            + "host=\"\(escape(host.name))\""
                        values.append((labels, value(host)))
                    }
                }
            }
            return Metric(name: name, help: help, type: type, values: values)
        }
        return [
            metric("sluice_output_host_requests_total", "Requests that ended at a host.", "counter") {
                $0.requests.load(ordering: .relaxed)
            },
            metric("sluice_output_host_failures_total", "Requests that a host did not take.", "counter") {
                $0.failures.load(ordering: .relaxed)
            },
            metric("sluice_output_host_healthy", "0 while a host is set aside because it fails.", "gauge") {
                $0.isHealthy.load(ordering: .relaxed)
            },
            metric("sluice_output_host_requests_in_flight", "Requests under way at a host.", "gauge") {
                $0.inFlight.load(ordering: .relaxed)
            },
            metric("sluice_output_host_concurrency_limit", "How many may be under way at a host.", "gauge") {
                $0.limit.load(ordering: .relaxed)
            },
        ]
    }
}
