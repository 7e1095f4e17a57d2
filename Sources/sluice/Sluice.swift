// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line.
@main
struct Sluice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Ships logs to Loki and Elasticsearch, and loses none.",
        version: "0.1.0",
        subcommands: [
            RunCommand.self, CheckCommand.self, StatusCommand.self, StateCommand.self, DeadLettersCommand.self,
            ReceiveCommand.self, DemoCommand.self, DemoServiceCommand.self,
        ]
    )
}
