// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice setup CONFIG...`
struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Sets up the destinations of pipelines, and sends no events.",
        discussion: """
            For Elasticsearch: a lifecycle policy, an index template and the data stream, as 'setup' of the output says; \
            for OpenSearch the same in its own forms. What is there already stays as it is, unless 'setup.overwrite' is \
            true. Other destinations are looked at, as 'sluice check --connect' does. One line for each says what was \
            done. The command works whether or not an output has 'setup: true', which is for 'sluice run'.

            Exits 0 if all is well, 69 if a destination did not answer, and 78 if a person must mend something.
            """
    )

    @Argument(help: "Pipeline files, in YAML.", completion: .file(extensions: ["yml", "yaml"]))
    var configurations: [String]

    @Option(help: "The state directory of the agent, for its keystore.", completion: .directory)
    var state: String?

    @OptionGroup var patience: PatienceOption

    @OptionGroup var secrets: KeystoreOptions

    func run() async throws {
        let pipelines = try PipelineFile.load(configurations, secrets: secrets, state: state)
        var result = DestinationResult()
        await patience.visit(pipelines, "setup").setUp { result.take($0) }
        try result.exit()
    }
}
