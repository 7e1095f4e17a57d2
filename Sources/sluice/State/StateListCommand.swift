// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice state list`
struct StateListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the generations of files that the state knows, and how far each output has come."
    )

    @OptionGroup var options: StateOptions

    @Flag(help: "A JSON array of the records that 'export' writes.")
    var json = false

    func run() throws {
        let generations = try options.generations()
        if json {
            let records = generations.map { GenerationRecord.write($0.generation, pipeline: $0.pipeline) }
            Terminal.print(records.isEmpty ? "[]" : "[\n" + records.joined(separator: ",\n") + "\n]")
            return
        }
        let screen = Screen()
        if generations.isEmpty { return screen.print("the state knows no files") }
        var table = TextTable([
            .init(title: "PIPELINE"), .init(title: "FILE", isFlexible: true), .init(title: "SIZE", isNumber: true),
            .init(title: "OFFSETS"), .init(title: "GENERATION", isOptional: true),
        ])
        for (pipeline, generation, _) in generations {
            table.add([
                pipeline, generation.path, generation.sizeUnderItsPath.map { "\($0)" } ?? "gone",
                GenerationText.offsets(generation), generation.identifier,
            ])
        }
        let width = screen.isInteractive ? screen.width - 1 : nil
        for line in table.lines(width: width) { screen.print(line) }
    }
}
