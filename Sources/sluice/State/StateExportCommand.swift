// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice state export`
struct StateExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the state to standard output, as NDJSON: a line for each generation.",
        discussion: "Dead letters and queues on the disk are not part of it."
    )

    @OptionGroup var options: StateOptions

    func run() throws {
        for (pipeline, generation, _) in try options.generations() {
            Terminal.print(GenerationRecord.write(generation, pipeline: pipeline))
        }
    }
}
