// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `sluice state …`
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Looks at and changes what an agent remembers, while it is stopped.",
        discussion: """
            For each file and each output the state has the first byte that the output has not said yes to. One life of a \
            file's content is a generation; rotation does not end it, and truncation does.
            """,
        subcommands: [
            StateListCommand.self, StateShowCommand.self, StateExportCommand.self, StateImportCommand.self,
            StateForgetCommand.self, StateSetOffsetCommand.self, StateImportFilebeatCommand.self,
        ]
    )
}
