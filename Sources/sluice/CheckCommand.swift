// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice check CONFIG...`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reports every problem of pipeline files, and starts nothing.",
        discussion: """
            Exits 0 if there is none, and 78 otherwise.

            With --connect, it then goes to every address of every output and says what it finds there, a line each: that \
            the name has no address, nobody listens, the certificate is not the right one, the credentials or the tenant \
            are not taken, another kind of server answers, the index may not be written, or that all is well. No events \
            are sent and nothing is changed. Exits 69 if a destination is not available, and 78 if a person must mend \
            something.
            """
    )

    @Argument(help: "Pipeline files, in YAML.", completion: .file(extensions: ["yml", "yaml"]))
    var configurations: [String]

    @Option(help: "The state directory of the agent, for its keystore.", completion: .directory)
    var state: String?

    @Flag(help: "Try every destination.")
    var connect = false

    @OptionGroup var patience: PatienceOption

    @OptionGroup var secrets: KeystoreOptions

    func run() async throws {
        let pipelines = try PipelineFile.load(configurations, secrets: secrets, state: state)
        for pipeline in pipelines {
            let outputs = pipeline.outputs.map(\.options.name).joined(separator: ", ")
            Terminal.print("\(pipeline.name): fine (inputs: \(pipeline.inputs.count), outputs: \(outputs))")
        }
        guard connect else { return }
        var result = DestinationResult()
        await patience.visit(pipelines, "check").probe { result.take($0) }
        try result.exit()
    }
}
