// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice state show PATTERN`
struct StateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows all that the state knows of some files."
    )

    @Argument(help: "A path, a pattern such as '/var/log/app/*' (in quotes), a file's name, or a generation.")
    var pattern: String

    @OptionGroup var options: StateOptions

    @Flag(help: "A JSON array of the records that 'export' writes.")
    var json = false

    func run() throws {
        let generations = try options.generations().filter { $0.generation.matches(pattern) }
        if generations.isEmpty {
            Terminal.complain("the state knows no file that matches '\(pattern)': 'sluice state list' lists all")
            throw ExitStatus.usage
        }
        if json {
            let records = generations.map { GenerationRecord.write($0.generation, pipeline: $0.pipeline) }
            Terminal.print("[\n" + records.joined(separator: ",\n") + "\n]")
            return
        }
        for (pipeline, generation, updated) in generations {
            for line in GenerationText.details(generation, pipeline: pipeline, updated: updated) {
                Terminal.print(line)
            }
        }
    }
}
