// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice deadletters drop NUMBER...`
struct DeadLettersDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops dead letters for good.",
        discussion: """
            An agent that waits for room for dead letters goes on by itself. The state's file does not get smaller: what \
            is free in it is used again.
            """
    )

    @OptionGroup var selection: DeadLetterSelection

    @OptionGroup var options: StateOptions

    @OptionGroup var confirmation: Confirmation

    func run() throws {
        let folders = try options.folders()
        try StateFailure.reported {
            if !selection.numbers.isEmpty, folders.count > 1 {
                let names = folders.map(\.name).joined(separator: ", ")
                throw StateFailure(
                    "each pipeline counts its own dead letters (\(names)): choose one with --pipeline",
                    status: ExitStatus.usage
                )
            }
            var chosen: [(box: DeadLetterBox, letters: [KeptDeadLetter])] = []
            for folder in folders {
                let box = try DeadLetterBox(changing: folder.directory)
                chosen.append((box, try selection.letters(in: box)))
            }
            let letters = chosen.flatMap(\.letters)
            if letters.isEmpty { return Terminal.print("there are no such dead letters") }
            for line in DeadLetterText.summary(letters) { Terminal.print(line) }
            let number = Figures.count(letters.count)
            Terminal.print("\(number) dead letters are dropped; their events are lost to the output")
            try confirmation.ask()
            var count = 0
            for (box, letters) in chosen { count += try box.remove(letters) }
            Terminal.print("done: \(Figures.count(count)) dead letters are dropped")
        }
    }
}
