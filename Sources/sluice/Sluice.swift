// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// The command line.
@main
struct Sluice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Ships logs to Loki, Elasticsearch and Logstash, and loses none.",
        version: AgentVersion.text,
        subcommands: [
            RunCommand.self, CheckCommand.self, SetupCommand.self, StatusCommand.self, StateCommand.self,
            DeadLettersCommand.self, KeystoreCommand.self, ReceiveCommand.self, DemoCommand.self,
            DemoServiceCommand.self,
        ]
    )
}
