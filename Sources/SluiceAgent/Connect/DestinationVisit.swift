// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOPosix

/// Goes to the destinations of pipelines once, to look at them or to set them up: `sluice check --connect` and
/// `sluice setup`.
package struct DestinationVisit: Sendable {
    private let pipelines: [PipelineConfiguration]
    /// Nanoseconds for each answer.
    private let timeout: Int64
    private let logger: Logger

    /// - Parameter timeout: nanoseconds that an answer may take at most.
    package init(_ pipelines: [PipelineConfiguration], timeout: Int64, logger: Logger) {
        self.pipelines = pipelines
        self.timeout = timeout
        self.logger = logger
    }

    /// Looks at every address, all at once.
    ///
    /// - Parameter report: gets what was found, in the order of the configuration, each as soon as it is its turn.
    package func probe(_ report: (DestinationReport) -> Void) async {
        await visit(report) { output, road in
            let tasks = output.destinations.map { destination in
                Task { (destination, try await output.probe(destination, over: road)) }
            }
            var findings: [(String, Finding)] = []
            for task in tasks { if let found = try? await task.value { findings.append(found) } }
            return findings
        }
    }

    /// Sets every output up, by way of the first of its addresses that answers.
    package func setUp(_ report: (DestinationReport) -> Void) async {
        await visit(report) { output, road in
            // Each of a Logstash's hosts stands for itself; the addresses of others are of one cluster.
            guard !(output is LogstashOutput) else {
                var findings: [(String, Finding)] = []
                for destination in output.destinations {
                    guard let finding = try? await output.setUp(destination, over: road) else { break }
                    findings.append((destination, finding))
                }
                return findings
            }
            var unavailable: [(String, Finding)] = []
            for destination in output.destinations {
                guard let finding = try? await output.setUp(destination, over: road) else { break }
                if finding.verdict != .unavailable { return [(destination, finding)] }
                unavailable.append((destination, finding))
            }
            return unavailable
        }
    }

    private func visit(
        _ report: (DestinationReport) -> Void,
        _ work: @escaping @Sendable (any Output, DestinationRoad) async -> [(String, Finding)]
    ) async {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let transport = HTTPTransport(group: group, logger: logger)
        let road = DestinationRoad(transport: transport, logger: logger, timeout: timeout)
        let tasks = pipelines.flatMap { pipeline in
            pipeline.outputs.map { output in
                (pipeline.name, output.options.name, Task { await work(output, road) })
            }
        }
        for (pipeline, output, task) in tasks {
            for (destination, finding) in await task.value {
                report(
                    DestinationReport(pipeline: pipeline, output: output, destination: destination, finding: finding)
                )
            }
        }
        await transport.shutdown()
        try? await group.shutdownGracefully()
    }
}
