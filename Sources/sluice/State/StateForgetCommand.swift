// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice state forget PATTERN`
struct StateForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forgets files: those that are still there are read from their beginning again.",
        discussion: "They get new ids, so that even Elasticsearch takes their lines a second time."
    )

    @Argument(help: "A path, a pattern such as '/var/log/app/*' (in quotes), a file's name, or a generation.")
    var pattern: String

    @OptionGroup var options: StateOptions

    @OptionGroup var confirmation: Confirmation

    func run() throws {
        let editors = try options.editors()
        var count = 0
        var repeated: Int64 = 0
        for (folder, editor) in editors {
            for generation in editor.sorted where generation.matches(pattern) {
                count += 1
                let offset = generation.progress.values.map(\.contiguous).max() ?? 0
                let isThere = generation.sizeUnderItsPath != nil
                if isThere { repeated += offset }
                Terminal.print(
                    "\(folder.name): \(generation.path) (\(generation.identifier), \(GenerationText.offsets(generation)))"
                        + (isThere ? "" : ", which is gone")
                )
                editor.forget(generation.row)
            }
        }
        if count == 0 {
            Terminal.complain("the state knows no file that matches '\(pattern)': 'sluice state list' lists all")
            throw ExitStatus.usage
        }
        Terminal.print(
            "\(count) generations are forgotten; files that are still there are read from their beginning, which repeats "
                + "up to \(repeated) bytes"
        )
        try confirmation.ask()
        try StateFailure.reported { for (_, editor) in editors { try editor.commit() } }
        Terminal.print("done")
    }
}
