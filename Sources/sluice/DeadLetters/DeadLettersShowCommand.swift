// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice deadletters show NUMBER`
struct DeadLettersShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows all that is known of a dead letter, and its text."
    )

    @Argument(help: "Its number, as 'list' shows it.")
    var number: Int64

    @Flag(help: "JSON, for programs.")
    var json = false

    @OptionGroup var options: StateOptions

    func run() throws {
        var found: [(pipeline: String, kept: KeptDeadLetter)] = []
        for folder in try options.folders() {
            try StateFailure.reported {
                if let kept = try DeadLetterBox(reading: folder.directory).letter(number) {
                    found.append((folder.name, kept))
                }
            }
        }
        if found.isEmpty {
            Terminal.complain("there is no dead letter \(number): 'sluice deadletters list' has the numbers")
            throw ExitStatus.usage
        }
        // Each pipeline counts its own.
        for (pipeline, kept) in found {
            if json {
                Terminal.print(DeadLetterRecord.write(kept, pipeline: pipeline, hasText: true))
                continue
            }
            for line in DeadLetterText.details(kept, pipeline: pipeline) { Terminal.print(line) }
            let text = String(decoding: kept.letter.text, as: UTF8.self)
            Terminal.print("")
            Terminal.print(Terminal.isInteractive ? DeadLetterText.visible(text) : text)
        }
    }
}
