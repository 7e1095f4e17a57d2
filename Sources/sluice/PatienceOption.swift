// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import SluiceAgent

/// How long a command that goes to destinations waits for each answer.
struct PatienceOption: ParsableArguments {
    @Option(help: "Wait this many seconds at most for each answer of a destination.")
    var timeout: Double = 10

    func validate() throws {
        guard timeout > 0, timeout < 1e9 else { throw ValidationError("--timeout takes a number of seconds above 0") }
    }

    /// A visit to destinations. Turns the log on.
    func visit(_ pipelines: [PipelineConfiguration], _ name: String) -> DestinationVisit {
        AgentLog.start(.warning)
        return DestinationVisit(pipelines, timeout: Int64(timeout * 1e9), logger: Logger(label: "sluice.\(name)"))
    }
}
