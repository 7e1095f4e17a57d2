// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `sluice deadletters …`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadletters",
        abstract: "Looks at events that an output refused for good, sends them again, and drops them.",
        discussion: """
            They are kept in the state, with their text and the output's reason, as many as dead_letters.max_bytes of the \
            pipeline allows. An agent may run meanwhile.
            """,
        subcommands: [
            DeadLettersListCommand.self, DeadLettersShowCommand.self, DeadLettersRetryCommand.self,
            DeadLettersDropCommand.self,
        ]
    )
}
