// SPDX-License-Identifier: Apache-2.0

/// How one pipeline stands: what `sluice status` tells of it.
package struct PipelineReport: Sendable, Equatable {
    package var name: String
    /// Whether an agent answered; otherwise all of it is from the state.
    package var isRunning: Bool
    /// Of the agent.
    package var process: Int32?
    /// When this was so, and when the agent was started: nanoseconds since 1970.
    package var moment: Int64
    package var started: Int64?
    package var inputs: [InputReport] = []
    package var outputs: [OutputReport] = []
    /// Those on the disk.
    package var queues: [QueueReport] = []
    /// The most lagging first, as many as were asked for.
    package var files: [FileReport] = []
    /// How many there are in all.
    package var fileCount = 0

    package init(name: String, isRunning: Bool, moment: Int64) {
        self.name = name
        self.isRunning = isRunning
        self.moment = moment
    }

    /// Whether it runs, and neither an output nor a file fails.
    package var isHealthy: Bool {
        isRunning && outputs.allSatisfy { $0.failingSince == nil }
            && inputs.allSatisfy { $0.isAnswering && $0.failing == 0 }
    }

    /// Keeps the worst files.
    ///
    /// - Parameter limit: nil for all.
    mutating func take(_ all: [FileReport], limit: Int?) {
        fileCount = all.count
        let sorted = all.sorted(by: FileReport.isWorse)
        files = limit.map { Array(sorted.prefix($0)) } ?? sorted
    }
}
